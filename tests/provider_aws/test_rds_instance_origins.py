"""How RDS instances come into being: as replicas, from snapshots, from a moment; and how replicas end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest

from tests.provider_aws.conftest import HOME, OTHER, MakeResource
from tests.provider_aws.rds_inputs import INSTANCE, a_database, a_replica
from tests.providerkit.running_provider import EngineResource

Boto = Callable[..., Any]


def _made(database: EngineResource, inputs: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    checked = database.check(inputs)
    return *database.create(checked), checked


def test_a_replica_inherits_and_is_promoted_in_place(resource: MakeResource) -> None:
    primary, replica = resource(INSTANCE, "primary"), resource(INSTANCE, "replica")
    _, source, _ = _made(primary, a_database("inherited", backupRetentionPeriod=7))
    replica_id, outputs, checked = _made(replica, a_replica("heir", source["identifier"]))
    assert outputs["replicateSourceDb"] == "inherited"
    for name in ("engine", "engineVersion", "allocatedStorage", "username"):
        assert outputs[name] == source[name], name
    assert replica.refresh(replica_id, checked, outputs)[1] == checked
    alone = replica.check(
        {**a_replica("heir", ""), "replicateSourceDb": None, "backupRetentionPeriod": 14}, checked
    )
    answer = replica.diff(replica_id, checked, outputs, alone)
    assert set(answer.diffs) == {"replicateSourceDb", "backupRetentionPeriod"}
    assert not answer.replaces
    promoted = replica.update(replica_id, checked, outputs, alone)
    assert "replicateSourceDb" not in promoted
    assert (promoted["resourceId"], promoted["backupRetentionPeriod"]) == (replica_id, 14)
    # The promotion happened, but its answer was lost: the same update again must do nothing.
    again = replica.update(replica_id, checked, outputs, alone)
    assert again["resourceId"] == replica_id
    assert "replicateSourceDb" not in again


def test_a_replica_in_another_region_has_a_key_of_its_own_and_its_group_after_a_reboot(
    resource: MakeResource, boto: Boto
) -> None:
    home_key, other_key = (boto("kms", region).create_key()["KeyMetadata"]["Arn"] for region in (HOME, OTHER))
    boto("rds", OTHER).create_db_parameter_group(
        DBParameterGroupName="far-settings", DBParameterGroupFamily="postgres16", Description="d"
    )
    primary = resource(INSTANCE, "primary")
    inputs = a_database("near", backupRetentionPeriod=7, storageEncrypted=True, kmsKeyId=home_key)
    _, source, _ = _made(primary, inputs)
    replica = resource(INSTANCE, "replica")
    replica_id, outputs, checked = _made(
        replica,
        a_replica(
            "far",
            source["arn"],
            region=OTHER,
            kmsKeyId=other_key,
            storageEncrypted=True,
            parameterGroupName="far-settings",
            backupRetentionPeriod=7,
            backupWindow="03:00-04:00",
            deletionProtection=True,
        ),
    )
    assert outputs["region"] == OTHER
    assert outputs["replicateSourceDb"] == source["arn"]
    assert outputs["kmsKeyId"] == other_key
    assert outputs["parameterGroupName"] == "far-settings"
    assert (outputs["backupRetentionPeriod"], outputs["deletionProtection"]) == (7, True)
    assert replica.refresh(replica_id, checked, outputs)[1:] == (checked, outputs)
    assert primary.import_("near")[2]["replicas"] == [outputs["arn"]]


def test_a_promotion_by_hand_shows_as_a_lost_source(resource: MakeResource, boto: Boto) -> None:
    primary, replica = resource(INSTANCE, "primary"), resource(INSTANCE, "replica")
    _made(primary, a_database("left", backupRetentionPeriod=7))
    replica_id, outputs, checked = _made(replica, a_replica("leaver", "left"))
    boto("rds").promote_read_replica(DBInstanceIdentifier="leaver")
    _, inputs, read = replica.refresh(replica_id, checked, outputs)
    assert "replicateSourceDb" not in inputs
    # What the program says after a failover: the same database as a primary of its own.
    primary_now = replica.check(a_database("leaver"), inputs)
    ignored = ("dbName", "engine", "password", "username", "replicateSourceDb")
    assert not replica.diff(replica_id, inputs, read, primary_now, ignored).diffs


def test_a_replica_cannot_be_given_another_source(resource: MakeResource) -> None:
    primary, replica = resource(INSTANCE, "primary"), resource(INSTANCE, "replica")
    _, source, _ = _made(primary, a_database("followed", backupRetentionPeriod=7))
    replica_id, outputs, checked = _made(replica, a_replica("follower", "followed"))
    other = replica.check(a_replica("follower", "somebody-else"), checked)
    assert not replica.diff(replica_id, checked, outputs, other).replaces
    with pytest.raises(grpc.RpcError, match="cannot elect new source database for replication"):
        replica.update(replica_id, checked, outputs, other)
    same = replica.check(a_replica("follower", source["arn"]), checked)
    assert not replica.diff(replica_id, checked, outputs, same).diffs


def test_a_source_named_by_arn_in_its_own_region_is_no_drift(resource: MakeResource) -> None:
    primary, replica = resource(INSTANCE, "primary"), resource(INSTANCE, "replica")
    _, source, _ = _made(primary, a_database("named", backupRetentionPeriod=7))
    replica_id, outputs, checked = _made(replica, a_replica("namer", source["arn"]))
    assert outputs["replicateSourceDb"] == source["arn"]
    assert replica.refresh(replica_id, checked, outputs)[1:] == (checked, outputs)


def test_a_snapshot_is_restored_with_the_settings_a_restore_loses(resource: MakeResource, boto: Boto) -> None:
    rds = boto("rds")
    rds.create_db_parameter_group(
        DBParameterGroupName="restored", DBParameterGroupFamily="postgres16", Description="d"
    )
    source_id, _, _ = _made(resource(INSTANCE, "source"), a_database("snapped"))
    rds.create_db_snapshot(DBInstanceIdentifier="snapped", DBSnapshotIdentifier="a-moment")
    restored = resource(INSTANCE, "restored")
    restored_id, outputs, checked = _made(
        restored,
        {
            "identifier": "from-a-snapshot",
            "instanceClass": "db.t4g.small",
            "snapshotIdentifier": "a-moment",
            "password": "another-password",
            "parameterGroupName": "restored",
            "backupRetentionPeriod": 7,
            "maxAllocatedStorage": 50,
            "performanceInsightsEnabled": True,
            "deletionProtection": True,
            "tags": {"restored": "yes"},
        },
    )
    assert restored_id != source_id
    assert (outputs["engine"], outputs["username"], outputs["dbName"]) == ("postgres", "master", "shop")
    for name in ("parameterGroupName", "backupRetentionPeriod", "maxAllocatedStorage", "deletionProtection"):
        assert outputs[name] == checked[name], name
    assert outputs["performanceInsightsEnabled"] is True
    assert outputs["tags"]["restored"] == "yes"
    assert restored.refresh(restored_id, checked, outputs)[1] == checked


@pytest.mark.parametrize("key", ["identifier", "resourceId"])
def test_a_moment_of_another_database_is_restored(resource: MakeResource, key: str) -> None:
    name = f"timed-by-{key.lower()}"
    _, source, _ = _made(resource(INSTANCE, "source"), a_database(name, backupRetentionPeriod=7))
    source_key = {"identifier": "sourceDbInstanceIdentifier", "resourceId": "sourceDbiResourceId"}[key]
    restored = resource(INSTANCE, "restored")
    restored_id, outputs, checked = _made(
        restored,
        {
            "identifier": f"{name}-restored",
            "instanceClass": "db.t4g.micro",
            "restoreToPointInTime": {source_key: source[key], "useLatestRestorableTime": True},
        },
    )
    assert outputs["dbName"] == "shop"
    assert outputs["restoreToPointInTime"] == checked["restoreToPointInTime"]
    assert restored.refresh(restored_id, checked, outputs)[1] == checked


def test_a_moment_outside_the_window_is_refused_by_the_service(resource: MakeResource) -> None:
    _made(resource(INSTANCE, "source"), a_database("young", backupRetentionPeriod=7))
    restored = resource(INSTANCE, "restored")
    wanted = {"sourceDbInstanceIdentifier": "young", "restoreTime": "2001-01-01T00:00:00Z"}
    inputs = {"identifier": "too-old", "instanceClass": "db.t4g.micro", "restoreToPointInTime": wanted}
    with pytest.raises(grpc.RpcError, match="InvalidParameterValue"):
        restored.create(restored.check(inputs))
