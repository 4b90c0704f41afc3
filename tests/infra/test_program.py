"""The program from its entry: good data comes out as resources, bad data as lines a person can act on."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest
import yaml

from infra.__main__ import main
from infra.resources.sdk import TYPES as LOADED
from tests.infra.closed_list import TYPES
from tests.infra.environments import EACH, EVERY, ROOT, desired, recorded
from tests.infra.recording import record

PRODUCTION = "production"
BROKEN = """config:
  lifeboat:product: paintbox
  lifeboat:environment: production
  lifeboat:ownr: nobody
  lifeboat:objectives: {rto_minutes: soon, rpo_minutes: 60, retention_days: 30}
"""


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a project whose production data is wrong in two ways at least."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "Pulumi.production.yaml").write_text(BROKEN)
    return tmp_path


def test_production_is_at_least_sixty_resources() -> None:
    assert len(recorded(PRODUCTION).custom) >= 60


@pytest.mark.parametrize("environment", EACH)
def test_everything_the_model_names_is_registered(environment: str) -> None:
    """One registration per logical name of the model, whatever kind of thing it is."""
    model, names = desired(environment), {one.name for one in recorded(environment).custom}
    wanted = {
        thing.name
        for things in (
            model.networks,
            model.subnet_groups,
            model.parameter_groups,
            model.databases,
            model.backup_replications,
            model.event_subscriptions,
            model.buckets,
            model.secrets,
            model.topics,
            model.alarms,
            model.composites,
            model.roles,
            model.policies,
        )
        for thing in things
    }
    wanted |= {copy.name for key in model.keys for copy in key.copies()}
    wanted |= {one.name for one in (model.trail, model.budget, model.manifest) if one is not None}
    wanted |= {route.name for route in model.routes if route.by_program}
    wanted |= {rule.name for rule in model.egress_rules}
    assert wanted - names == set()


@pytest.mark.parametrize("environment", EACH)
def test_components_have_our_tokens_and_say_their_outputs(environment: str) -> None:
    recording = recorded(environment)
    components = [one for one in recording.registrations if not one.custom]
    assert components
    assert all(one.type.startswith("lifeboat:infra:") for one in components)
    assert {one.urn for one in components} <= set(recording.outputs)
    parents = {one.parent for one in [*recording.custom, *recording.fly]}
    assert parents <= {one.urn for one in components}, "every resource is a component's child"
    assert {one.urn for one in components} <= parents | {_without_children(environment)}


def _without_children(environment: str) -> str:
    """An environment with neither trail nor budget has an empty account component."""
    return next(
        one.urn for one in recorded(environment).registrations if one.type == "lifeboat:infra:Account"
    )


def test_a_topic_per_severity_in_both_regions() -> None:
    regions = desired(PRODUCTION).topology.regions
    assert sorted(one.region for one in recorded(PRODUCTION).of("sns/topic:Topic")) == sorted([*regions] * 2)


def test_an_alarm_tells_on_alarm_and_on_recovery() -> None:
    alarms = recorded(PRODUCTION).of("cloudwatch/metricAlarm:MetricAlarm")
    assert all(one.inputs["alarmActions"] == one.inputs["okActions"] for one in alarms)
    assert all(("statistic" in one.inputs) != ("extendedStatistic" in one.inputs) for one in alarms)
    for one in recorded(PRODUCTION).of("cloudwatch/compositeAlarm:CompositeAlarm"):
        assert one.inputs["alarmActions"]


def test_every_problem_of_the_data_reaches_the_user(broken: Path) -> None:
    with pytest.raises(pulumi.RunError) as raised:
        record(main, stack=PRODUCTION, root=broken)
    text = str(raised.value)
    assert "ownr: " in text
    assert "objectives.rto_minutes: " in text
    assert "hint: correct environments/Pulumi.production.yaml" in text
    assert raised.value.__cause__ is None


def test_an_environment_without_a_file_is_named_with_the_known_ones(broken: Path) -> None:
    with pytest.raises(pulumi.RunError, match="environment 'staging' has no file") as raised:
        record(main, stack="local-staging", root=broken)
    assert "known environments: production" in str(raised.value)


def test_a_stack_with_an_impossible_name_is_refused(broken: Path) -> None:
    with pytest.raises(pulumi.RunError, match="stack 'Not_A_Name' is not a valid name"):
        record(main, stack="Not_A_Name", root=broken)


@pytest.mark.engine
def test_pulumi_shows_the_problems_and_no_traceback(broken: Path) -> None:
    settings = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
    settings["main"] = os.path.relpath(ROOT / "infra", broken)
    settings["runtime"]["options"]["virtualenv"] = sys.prefix
    for plugin in settings["plugins"]["providers"]:
        plugin["path"] = os.path.relpath(ROOT / plugin["path"], broken)
    (broken / "Pulumi.yaml").write_text(yaml.safe_dump(settings))
    (broken / "state").mkdir()
    engine = subprocess.run(
        [sys.executable, "-m", "tools.engine"], check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout.strip()
    environment = {
        **os.environ,
        "PATH": f"{engine}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_HOME": str(broken / "home"),
        "PULUMI_BACKEND_URL": f"file://{broken / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": "for this test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pulumi", "--non-interactive", "--color", "never", *arguments],
            cwd=broken,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )

    made = run("stack", "init", "local-production")
    assert made.returncode == 0, made.stderr
    shown = run("preview", "--stack", "local-production")
    said = shown.stdout + shown.stderr
    assert shown.returncode != 0
    assert "ownr: " in said
    assert "objectives.rto_minutes: " in said
    assert "hint: correct environments/Pulumi.production.yaml" in said
    assert "Traceback" not in said
    assert "unhandled exception" not in said


def test_the_types_in_use_are_those_loaded_beside_the_provider() -> None:
    used = {one.type for name in EVERY for one in recorded(name).custom}
    listed = {
        f"aws:{service}/{type_[0].lower()}{type_[1:]}:{type_}"
        for service, types in LOADED.items()
        for type_ in types
    }
    assert used == listed
    assert listed <= TYPES


def test_a_service_gives_the_classes_of_the_sdk_and_refuses_what_it_has_not() -> None:
    assert aws.ec2.Vpc.__module__ == "pulumi_aws.ec2.vpc"
    assert aws.s3.BucketObjectv2.__module__ == "pulumi_aws.s3.bucket_objectv2"
    assert not hasattr(aws.ec2, "NoSuchType")
    assert not hasattr(aws.ec2, "no_such_function")


def test_the_program_itself_is_short() -> None:
    text = (ROOT / "infra" / "__main__.py").read_text()
    assert len(text.splitlines()) <= 40


def test_no_resource_is_made_inside_an_apply() -> None:
    """A resource made there is missing from a preview in which the value is not known."""
    wrong = []
    for path in sorted((ROOT / "infra").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr == "apply"
            ):
                made = [ast.unparse(node) for node in ast.walk(call) if _makes_a_resource(node)]
                wrong += [f"{path.name}:{call.lineno} {text}" for text in made]
    assert wrong == []


def _makes_a_resource(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith("aws.")
