"""Backup buckets keep what they were given: locked, versioned, copied both ways, never emptied by age."""

import pytest

from infra.desired import build
from infra.desired.model import BucketPurpose, DesiredBucket
from tests.unit.infra.texts import ABSENT, config_of


def backup_buckets(environment: str, *changes: tuple[str, object]) -> list[DesiredBucket]:
    desired = build(config_of(environment, *changes))
    return [bucket for bucket in desired.buckets if bucket.purpose is BucketPurpose.BACKUPS]


def test_each_region_has_a_bucket_that_is_copied_into_the_other() -> None:
    home, other = backup_buckets("production")
    assert (home.region, other.region) == ("us-west-1", "us-east-2")
    assert home.replication is not None
    assert other.replication is not None
    assert (home.replication.target.name, other.replication.target.name) == (other.name, home.name)
    assert (home.replication.time_minutes, home.replication.delete_markers) == (15, False)


def test_the_names_are_those_a_recovery_computes() -> None:
    assert [bucket.physical_name for bucket in backup_buckets("proofkit")] == [
        "proofkit-proofkit-eu-central-1-backups-0e180e85",
        "proofkit-proofkit-eu-west-3-backups-0e180e85",
    ]


def test_every_safe_setting_is_on() -> None:
    for bucket in build(config_of("production")).buckets:
        assert bucket.versioning
        assert bucket.bucket_key
        assert (bucket.sse_algorithm, bucket.blocked_encryption_types) == ("aws:kms", ("SSE-C",))
        assert bucket.object_ownership == "BucketOwnerEnforced"
        assert (bucket.force_destroy, bucket.protected, bucket.retain_on_delete) == (False, True, True)


@pytest.mark.parametrize(
    ("retention", "lock", "expiration", "transitions"),
    [
        (7, 7, 14, []),
        (30, 30, 37, []),
        (60, 60, 67, [("STANDARD_IA", 30)]),
        (120, 200, 207, [("STANDARD_IA", 30), ("GLACIER_IR", 90)]),
    ],
)
def test_versions_end_after_retention_and_lock_and_move_only_when_it_pays(
    retention: int, lock: int, expiration: int, transitions: list[tuple[str, int]]
) -> None:
    (rule,) = backup_buckets(
        "production",
        ("objectives.retention_days", 7),
        ("backups.retention_days", retention),
        ("backups.object_lock.days", lock),
    )[0].lifecycle
    assert (rule.expiration_days, rule.noncurrent_expiration_days) == (None, expiration)
    assert [(each.storage_class, each.days) for each in rule.noncurrent_transitions] == transitions


def test_without_replication_there_is_no_role_for_it_and_no_alarm_on_it() -> None:
    desired = build(config_of("local", ("backups.replication", False)))
    assert {bucket.replication for bucket in desired.buckets} == {None}
    assert "role-replication" not in {role.name for role in desired.roles}
    assert not [alarm for alarm in desired.alarms if alarm.namespace == "AWS/S3"]


def test_the_trail_has_a_bucket_of_its_own_and_sees_the_backups() -> None:
    desired = build(config_of("production"))
    (bucket,) = [each for each in desired.buckets if each.purpose is BucketPurpose.TRAIL]
    assert desired.trail is not None
    assert desired.trail.bucket_name == bucket.physical_name == "paintbox-production-us-west-1-trail-7d41c2"
    assert [each.name for each in desired.trail.data_event_buckets] == [
        "backups-us-west-1",
        "backups-us-east-2",
    ]
    assert [rule.expiration_days for rule in bucket.lifecycle] == [365]


def test_no_trail_and_no_budget_leave_nothing_behind() -> None:
    desired = build(config_of("local"))
    assert (desired.trail, desired.budget) == (None, None)
    assert {bucket.purpose for bucket in desired.buckets} == {BucketPurpose.BACKUPS}


def test_the_budget_counts_what_carries_the_environments_tag() -> None:
    desired = build(config_of("production"))
    assert desired.budget is not None
    assert desired.budget.cost_filter == ("TagKeyValue", "user:Lifeboat$paintbox-production")
    assert ("Lifeboat", "paintbox-production") in desired.tags
    assert build(config_of("production", ("budget", ABSENT))).budget is None
