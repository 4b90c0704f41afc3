"""Each rule over the whole model finds the model that breaks it, and says which part does."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.desired import build
from infra.desired.assemble import assemble
from infra.desired.invariants import RULES, require_invariants, violations
from infra.desired.model import (
    DesiredEnvironment,
    DesiredVolume,
    LifecycleRule,
    Severity,
)
from infra.desired.policy_document import Effect, PolicyDocument, Statement
from infra.desired.reference import DatabaseRef, KeyRef, TopicRef
from infra.desired.statements import ANYONE
from lifeboat.core.errors import ConfigError
from tests.unit.infra.texts import KNOWN, config_of

Change = Callable[[DesiredEnvironment], DesiredEnvironment]
PRODUCTION = assemble(config_of("production"))
DISK = DesiredVolume(
    name="disk", volume_name="disk_1", fly_region="sjc", size_gib=1, snapshot_retention_days=5, protected=True
)


def first(field: str, **changes: Any) -> Change:
    """Return the change of the first thing of a tuple of the model."""

    def change(desired: DesiredEnvironment) -> DesiredEnvironment:
        head, *rest = getattr(desired, field)
        things: dict[str, Any] = {field: (replace(head, **changes), *rest)}
        return replace(desired, **things)

    return change


def group(**changes: Any) -> Change:
    """Return the change of the first process group of the first app."""
    app = PRODUCTION.fly_apps[0]
    return first("fly_apps", groups=(replace(app.groups[0], **changes),))


def whole(**changes: Any) -> Change:
    """Return the change of the model itself."""
    return lambda desired: replace(desired, **changes)


def without(field: str, name: str) -> Change:
    """Return the model without a thing."""

    def change(desired: DesiredEnvironment) -> DesiredEnvironment:
        left = tuple(each for each in getattr(desired, field) if each.name != name)
        things: dict[str, Any] = {field: left}
        return replace(desired, **things)

    return change


ANYBODY = PolicyDocument(
    statements=(
        Statement(sid="Open", effect=Effect.ALLOW, actions=("*",), principal=ANYONE, resources=("*",)),
    )
)
BROKEN: list[tuple[Change, str]] = [
    (
        whole(manifest=replace(PRODUCTION.manifest, region="us-west-1")),
        "manifest-us-east-2: lies in the primary region us-west-1",
    ),
    (
        first("backup_replications", region="us-west-1"),
        "database-us-west-1-backups: copies backups within us-west-1, whose loss takes both",
    ),
    (first("secrets", replicas=()), "secret-database-master: has no replica outside us-west-1"),
    (without("buckets", "backups-us-east-2"), "backups: there is no backup bucket in us-east-2"),
    (first("buckets", versioning=False), "backups-us-west-1.replication: needs versioning on both buckets"),
    (without("databases", "database-us-west-1"), "databases: 0 of them are primary, there must be one"),
    (
        first("databases", source=DatabaseRef("x")),
        "database-us-west-1: must have a source exactly when it is a replica",
    ),
    (
        first("databases", backup_retention_days=7),
        "database-us-west-1: keeps backups 7 days, the objective is 30",
    ),
    (
        first("backup_replications", retention_days=7),
        "database-us-west-1-backups: keeps backups 7 days, the objective is 30",
    ),
    (
        first("buckets", lifecycle=(LifecycleRule(id="r", expiration_days=30),)),
        "backups-us-west-1.lifecycle.r: ends current backups by age alone",
    ),
    (
        first("buckets", lifecycle=(LifecycleRule(id="r", noncurrent_expiration_days=30),)),
        "backups-us-west-1.lifecycle.r: ends versions after 30 days, backups are kept 30",
    ),
    (group(standby_regions=()), "fly-web-app: has no standbys; capacity is not promised on the day"),
    (group(standby_regions=(("sjc", 1),)), "fly-web-app: is active and standby in sjc"),
    (group(config={"services": [{}]}), "fly-web-app: serves without a check, so nothing gates its requests"),
    (group(volumes=(DISK,)), "fly-web-app: has 3 machines in sjc and fewer volumes"),
    (group(regions=(("lax", 3),)), "fly-web: has machines and no egress address in lax"),
    (
        whole(egress_rules=PRODUCTION.egress_rules[1:]),
        "fly-web-egress-sjc: is not admitted by network-us-west-1",
    ),
    (first("databases", protected=False), "database-us-west-1: is not protected in a protected environment"),
    (first("keys", retain_on_delete=False), "database: is not protected in a protected environment"),
    (first("databases", deletion_protection=False), "database-us-west-1: has no deletion protection"),
    (
        first("databases", skip_final_snapshot=True),
        "database-us-west-1: would be deleted without a final snapshot",
    ),
    (
        first("databases", delete_automated_backups=True),
        "database-us-west-1: would take its automated backups with it",
    ),
    (first("buckets", force_destroy=True), "backups-us-west-1: would be emptied when deleted"),
    (first("keys", deletion_window_days=7), "database: must wait 30 days before it is deleted"),
    (first("secrets", recovery_window_days=0), "secret-database-master: must stay 30 days after a deletion"),
    (first("databases", storage_encrypted=False), "database-us-west-1: is not encrypted"),
    (first("buckets", sse_algorithm="AES256"), "backups-us-west-1: is not encrypted with a key"),
    (first("keys", rotation=False), "database: must rotate and exist in several regions"),
    (
        first("databases", key=KeyRef("database", "us-east-2")),
        "database-us-west-1: is in us-west-1 but uses a key in us-east-2",
    ),
    (
        first("topics", key=KeyRef("nothing", "us-west-1")),
        "topic-warning-us-west-1: uses key nothing in us-west-1, which does not exist",
    ),
    (
        first(
            "buckets",
            public_access_block=replace(PRODUCTION.buckets[0].public_access_block, block_public_acls=False),
        ),
        "backups-us-west-1: can be made public",
    ),
    (
        first("buckets", object_ownership="ObjectWriter"),
        "backups-us-west-1: lets objects have access lists of their own",
    ),
    (
        first("parameter_groups", parameters=()),
        "parameters-us-west-1.rds.force_ssl: must be 1: databases speak TLS only",
    ),
    (
        first("databases", iam_authentication=False),
        "database-us-west-1: is reachable over the internet and has no iam authentication",
    ),
    (
        first("secrets", rotation_days=None),
        "database-us-west-1: is reachable over the internet and has a master password older than 90 days",
    ),
    (whole(alarms=()), "database-us-west-1: is reachable over the internet and has no alarm"),
    (first("secrets", policy=ANYBODY), "secret-database-master.policy.Open: allows anybody"),
    (first("keys", policy=ANYBODY), "database.policy.Open: allows everything"),
    (first("topics", policy=ANYBODY), "topic-warning-us-west-1.policy: does not refuse plain text"),
    (without("roles", "role-restore"), "role-restore: is missing"),
    (first("roles", boundary=None), "role-preview: has no permissions boundary"),
    (whole(metrics=PRODUCTION.metrics[1:]), "app-cpu-critical: nobody emits Lifeboat/App CpuUtilization"),
    (first("metrics", unit="Count"), "app-cpu-critical: waits for Percent, Count is emitted"),
    (
        without("alarms", "recovery-us-east-2-restore-test-age-warning"),
        "metrics: Lifeboat/DR RestoreTestAge is emitted into us-east-2 and nobody watches it",
    ),
    (first("alarms", topic=None), "app-cpu-critical: tells nobody"),
    (
        first("alarms", topic=TopicRef("topic-warning-us-east-2")),
        "app-cpu-critical: tells topic-warning-us-east-2, of another region or severity",
    ),
    (
        first("alarms", dimensions=(("TopicName", "gone"),)),
        "app-cpu-critical: watches gone, which is not in us-east-2",
    ),
    (
        first("composites", children=("gone",)),
        "db-critical-us-west-1: speaks for gone, which is not in its region",
    ),
    (whole(routes=()), "topic-critical-us-west-1: reaches nobody in a protected environment"),
    (
        first("networks", cidr="10.21.0.0/16"),
        "network-us-east-2: 10.21.0.0/16 overlaps 10.21.0.0/16 of network-us-west-1",
    ),
    (first("networks", subnets=PRODUCTION.networks[0].subnets[:1]), "network-us-west-1: must span 2 zones"),
    (first("secrets", name="budget"), "budget: is the logical name of 2 things"),
    (
        first("alarms", physical_name=PRODUCTION.alarms[1].physical_name),
        "paintbox-production-us-east-2-app-cpu-warning: is the name of several alarm things in us-east-2",
    ),
    (first("roles", physical_name="r" * 65), f"{'r' * 65}: has 65 characters, aws allows 64"),
    (without("buckets", "trail-files"), "trail-files: is referred to as bucket but is not there"),
    (
        first("databases", subnet_group="gone"),
        "database-us-west-1: stands in group gone, which is not there",
    ),
]


@pytest.mark.parametrize(
    ("change", "line"), BROKEN, ids=[line.split(":")[1].strip()[:60] for _, line in BROKEN]
)
def test_a_model_that_breaks_a_rule_is_refused(change: Change, line: str) -> None:
    assert line in [str(each) for each in violations(change(PRODUCTION))]


def test_every_rule_is_broken_by_some_model_above() -> None:
    for rule in RULES:
        assert any(list(rule(change(PRODUCTION))) for change, _ in BROKEN), rule.__name__


@pytest.mark.parametrize("environment", KNOWN)
def test_what_the_builders_make_breaks_no_rule(environment: str) -> None:
    assert violations(assemble(config_of(environment))) == ()


def test_all_violations_are_reported_at_once() -> None:
    broken = first("databases", storage_encrypted=False)(first("buckets", force_destroy=True)(PRODUCTION))
    with pytest.raises(ConfigError) as refusal:
        require_invariants(broken)
    assert refusal.value.message.splitlines() == [
        "backups-us-west-1: would be emptied when deleted",
        "database-us-west-1: is not encrypted",
    ]
    assert refusal.value.hint == "change environments/Pulumi.production.yaml so that all of it can hold"


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        (
            (("database.recovery_tier", "none"), ("alarms.recovery", {})),
            [
                "objectives.rpo_minutes: 60 is out of reach of recovery tier none, which needs 1455",
                "objectives.rto_minutes: 30 is out of reach of recovery tier none, which needs 58",
            ],
        ),
        (
            (("database.recovery_tier", "backups"),),
            ["objectives.rto_minutes: 30 is out of reach of recovery tier backups, which needs 58"],
        ),
        (
            (("objectives.rpo_minutes", 4), ("alarms.database.replica_lag.critical", 60)),
            ["objectives.rpo_minutes: 4 is out of reach of recovery tier replica, which needs 5"],
        ),
    ],
)
def test_promises_that_nothing_ready_can_keep_are_refused(
    changes: tuple[tuple[str, object], ...], lines: list[str]
) -> None:
    """Unprotected, because a protected environment is refused earlier for having no tier."""
    has_replica = changes[0][0] != "database.recovery_tier"
    without_lag: tuple[tuple[str, object], ...] = () if has_replica else (("alarms.database", {}),)
    with pytest.raises(ConfigError) as refusal:
        build(config_of("local", *changes, *without_lag))
    assert refusal.value.message.splitlines() == lines


def test_without_a_database_the_schedule_of_backups_is_what_can_be_promised() -> None:
    with pytest.raises(ConfigError) as refusal:
        build(config_of("template-app", ("objectives.rpo_minutes", 60)))
    assert refusal.value.message == (
        "objectives.rpo_minutes: 60 is out of reach of backups without a database of ours, which needs 1455"
    )


names = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8})?", fullmatch=True).filter(
    lambda name: len(name) <= 14
)


@settings(deadline=None, max_examples=15)
@given(product=names, suffix=st.from_regex(r"[a-z0-9]{4,8}", fullmatch=True))
def test_whatever_the_product_is_called_names_are_unique_and_fit(product: str, suffix: str) -> None:
    desired = build(config_of("production", ("product", product), ("backups.bucket_suffix", suffix)))
    assert all(bucket.physical_name.startswith(f"{product}-production-") for bucket in desired.buckets)
    assert {topic.severity for topic in desired.topics} == set(Severity)


@settings(deadline=None, max_examples=15)
@given(regions=st.permutations(["eu-west-1", "ap-southeast-2", "us-east-1"]), swap=st.booleans())
def test_whatever_the_regions_are_the_rules_hold(regions: list[str], swap: bool) -> None:
    home, other, _ = regions
    desired = build(
        config_of(
            "production",
            ("topology.regions", [home, other]),
            ("topology.primary_region", other if swap else home),
            ("topology.fly_regions", {home: "lhr", other: "syd"}),
            ("network.cidrs", {home: "10.1.0.0/16", other: "10.2.0.0/16"}),
        )
    )
    assert desired.manifest.region == (home if swap else other)
    assert {key.primary.region for key in desired.keys} == {home}
