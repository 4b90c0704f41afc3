"""Data that no environment of the checkout has, but one could have."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.infra.environments import Data, desired, recorded_of
from tests.infra.recording import Recording
from tests.infra.sdk_names import unknown_properties


def changed(environment: str, change: Callable[[Data], None]) -> Recording:
    """Return what the program registers for changed data; every property must be one the SDK knows."""
    recording = recorded_of(desired(environment, change))
    assert {one.name: unknown_properties(one.type, one.inputs) for one in recording.custom} == {
        one.name: [] for one in recording.custom
    }
    return recording


def test_long_kept_versions_move_to_cheaper_storage() -> None:
    def kept_long(data: Data) -> None:
        data["backups"].update(retention_days=400, object_lock={"mode": "GOVERNANCE", "days": 400})

    recording = changed("production", kept_long)
    region = desired("production").topology.home_region
    lifecycles = recording.of("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    (backups,) = [one for one in lifecycles if one.region == region and "backups" in one.inputs["bucket"]]
    (rule,) = backups.inputs["rules"]
    moved = [(one["noncurrentDays"], one["storageClass"]) for one in rule["noncurrentVersionTransitions"]]
    assert moved == [(30, "STANDARD_IA"), (90, "GLACIER_IR")]
    assert rule["noncurrentVersionExpiration"]["noncurrentDays"] > 400


def test_a_network_that_is_reached_privately_has_no_way_out() -> None:
    def private(data: Data) -> None:
        data["network"].update(reach="private", admitted=[])
        data["fly"]["apps"]["web"]["egress"] = False
        data["network"].pop("waiver", None)

    recording = changed("production", private)
    assert recording.of("ec2/internetGateway:InternetGateway") == []
    assert recording.of("ec2/route:Route") == []
    assert all(not one.inputs["publiclyAccessible"] for one in recording.of("rds/instance:Instance"))


def test_without_enhanced_monitoring_no_role_is_passed() -> None:
    recording = changed("staging", lambda data: data["database"].update(monitoring_interval_s=0))
    for one in recording.of("rds/instance:Instance"):
        assert one.inputs["monitoringInterval"] == 0
        assert "monitoringRoleArn" not in one.inputs


@pytest.mark.parametrize("wanted", [True, False])
def test_the_lock_is_decided_when_the_bucket_is_made(wanted: bool) -> None:
    lock = {"mode": "GOVERNANCE", "days": 7} if wanted else None
    recording = changed("staging", lambda data: data["backups"].update(object_lock=lock))
    backups = [one for one in recording.of("s3/bucket:Bucket") if "backups" in one.inputs["bucket"]]
    assert {one.inputs["objectLockEnabled"] for one in backups} == {wanted}
    locks = recording.of("s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration")
    assert len(locks) == (len(backups) if wanted else 0)


def test_without_trail_and_budget_the_account_is_left_alone() -> None:
    def nothing_watched(data: Data) -> None:
        data["audit"]["enabled"] = False
        data.pop("budget", None)

    recording = changed("staging", nothing_watched)
    assert recording.of("cloudtrail/trail:Trail") == recording.of("budgets/budget:Budget") == []


@pytest.mark.parametrize(("count", "standbys"), [(2, 1), (1, 2), (1, 0)])
def test_every_machine_gets_one_disk_and_the_other_disks_wait(count: int, standbys: int) -> None:
    def with_disks(data: Data) -> None:
        group = data["fly"]["apps"]["web"]["groups"]["app"]
        group.update(count=count, standbys=standbys, volume={"name": "data", "size_gib": 1, "path": "/data"})
        group.pop("fallback_regions", None)

    recording = changed("local", with_disks)
    disks = [one for one in recording.fly if one.type == "fly:index:Volume"]
    assert len(disks) == 2 * max(count, standbys)
    (group,) = [one for one in recording.fly if one.name == "fly-web-app"]
    given = {region: len(ids) for region, ids in group.inputs["volumes"].items()}
    assert given == {region: wanted for region, wanted in {"sjc": count, "ord": standbys}.items() if wanted}
