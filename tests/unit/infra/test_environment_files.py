"""Every environment file is valid, means what its runbook says, and is fully explained by the reference."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_origin

import pytest
import yaml
from pydantic import BaseModel

from infra.config import EnvironmentConfig, load
from infra.config.alarms import Threshold
from infra.config.database import RecoveryTier
from infra.config.explain import section_in
from infra.config.load import parse_environment
from infra.desired import build
from tests.unit.infra.texts import ENVIRONMENTS, KNOWN, REFERENCE, tree_of


def test_the_seven_environments_are_there() -> None:
    assert set(KNOWN) == {"local", "staging", "production", "proofkit", "template-app", "bunty", "prep"}


@pytest.mark.parametrize("environment", KNOWN)
def test_each_environment_loads_and_breaks_no_invariant(environment: str) -> None:
    assert build(load(environment, ENVIRONMENTS)).environment == environment


def test_no_two_environments_share_a_physical_name() -> None:
    names = [
        bucket.physical_name
        for environment in KNOWN
        for bucket in build(load(environment, ENVIRONMENTS)).buckets
    ]
    assert len(names) == len(set(names))


def test_production_says_what_the_paintbox_runbook_says() -> None:
    config = load("production", ENVIRONMENTS)
    assert config.topology.fly_regions == {"us-west-1": "sjc", "us-east-2": "ord"}
    assert (config.objectives.rto_minutes, config.objectives.rpo_minutes) == (30, 60)
    assert (config.backups.schedule, config.backups.retention_days) == ("0 2 * * *", 30)
    rotation = {entry.name: entry.rotation_days for entry in config.secrets}
    assert [rotation[name] for name in ("database-master", "redis-password", "jwt-signing")] == [30, 30, 90]
    database = config.database
    assert database is not None
    assert (database.multi_az, database.storage_gib, database.recovery_tier) == (
        True,
        100,
        RecoveryTier.REPLICA,
    )


@pytest.mark.parametrize(
    ("path", "warning", "critical", "unit"),
    [
        ("app.cpu", 70, 85, "percent"),
        ("app.memory", 80, 90, "percent"),
        ("app.response_time", 500, 1000, "ms"),
        ("app.error_rate", 1, 5, "percent"),
        ("database.connections", 18, 20, "count"),
        ("app.redis_memory", 80, 90, "percent"),
    ],
)
def test_production_has_the_whole_table_of_thresholds(
    path: str, warning: float, critical: float, unit: str
) -> None:
    group, key = path.split(".")
    threshold: Threshold = getattr(getattr(load("production", ENVIRONMENTS).alarms, group), key)
    assert (threshold.warning, threshold.critical, threshold.unit) == (warning, critical, unit)


def test_proofkit_has_its_four_alerts_and_its_bucket() -> None:
    config = load("proofkit", ENVIRONMENTS)
    custom = config.alarms.custom
    assert config.topology.primary_region == "eu-central-1"
    assert config.backups.bucket_suffix == "0e180e85"
    assert _alert(custom["compile_time"]) == (5, "s", 10)
    assert _alert(custom["bundle_verify_errors"]) == (0.5, "percent", 10)
    assert config.alarms.app.error_rate is not None
    assert _alert(config.alarms.app.error_rate) == (1, "percent", 5)
    assert config.alarms.app.memory_used is not None
    assert _alert(config.alarms.app.memory_used) == (400, "mib", 5)


def _alert(threshold: Threshold) -> tuple[float | None, str, int]:
    return threshold.critical, threshold.unit.value, threshold.for_minutes


def test_the_template_app_needs_no_rds() -> None:
    desired = build(load("template-app", ENVIRONMENTS))
    assert (desired.databases, desired.networks, desired.connections) == ((), (), None)
    assert len([bucket for bucket in desired.buckets if bucket.name.startswith("backups-")]) == 2


def test_the_reference_is_itself_a_valid_environment() -> None:
    config = parse_environment(REFERENCE.read_text(), "reference", REFERENCE.name)
    assert build(config).environment == "reference"


def test_every_key_of_the_model_occurs_in_the_reference() -> None:
    every = {
        (section.__name__, name) for section in _sections(EnvironmentConfig) for name in section.model_fields
    }
    assert every - set(_used(EnvironmentConfig, tree_of("reference"))) == set()


def test_every_key_of_the_reference_is_commented_where_it_is_a_section() -> None:
    lines = REFERENCE.read_text().splitlines()
    sections = [number for number, line in enumerate(lines) if line.startswith("  lifeboat:")]
    assert len(sections) == len(EnvironmentConfig.model_fields)
    assert [lines[number] for number in sections if not lines[number - 1].lstrip().startswith("#")] == []


def test_every_field_of_the_model_is_described() -> None:
    undescribed = [
        f"{section.__name__}.{name}"
        for section in _sections(EnvironmentConfig)
        for name, field in section.model_fields.items()
        if not field.description
    ]
    assert undescribed == []


def test_no_environment_file_is_read_differently_by_other_yaml_readers() -> None:
    for environment in KNOWN:
        config = load(environment, ENVIRONMENTS)
        path = Path(ENVIRONMENTS / f"Pulumi.{environment}.yaml")
        assert (
            yaml.safe_load(path.read_text())["config"]["lifeboat:backups"]["schedule"]
            == config.backups.schedule
        )


def _sections(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        inner = section_in(field.annotation)
        if inner is not None:
            yield from _sections(inner)


def _used(model: type[BaseModel], tree: Any) -> Iterator[tuple[str, str]]:
    """Yield section and field of every key of a tree, going into lists and into mappings by free name."""
    for key, value in tree.items():
        yield model.__name__, key
        annotation = model.model_fields[key].annotation
        inner = section_in(annotation)
        if inner is not None:
            by_name = get_origin(annotation) is dict
            for item in value.values() if by_name else value if isinstance(value, list) else [value]:
                yield from _used(inner, item)
