"""RDS restores, automated backups and their replication."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.rds_world import AWAY, HOME, describe, make_database, make_key, make_subnet_group


def _replicate(cloud: CloudProcess, source_arn: str, **settings: object) -> dict[str, Any]:
    answer = cloud.client("rds", AWAY).start_db_instance_automated_backups_replication(
        SourceDBInstanceArn=source_arn, **settings
    )
    return dict(answer["DBInstanceAutomatedBackup"])


def _backups(cloud: CloudProcess, region: str, **criteria: object) -> list[dict[str, Any]]:
    found = cloud.client("rds", region).describe_db_instance_automated_backups(**criteria)
    return list(found["DBInstanceAutomatedBackups"])


def test_a_snapshot_restore_loses_what_aws_loses_and_honours_false(cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    make_subnet_group(cloud, "group")
    make_database(cloud, "db", MultiAZ=True, DeletionProtection=True, CopyTagsToSnapshot=True)
    rds.create_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier="snap")
    rds.restore_db_instance_from_db_snapshot(
        DBInstanceIdentifier="back",
        DBSnapshotIdentifier="snap",
        DBSubnetGroupName="group",
        CopyTagsToSnapshot=False,
    )
    back = describe(cloud, "back")
    assert back["MultiAZ"] is False
    assert back["DeletionProtection"] is False
    assert back["CopyTagsToSnapshot"] is False
    assert back["DBSubnetGroup"]["DBSubnetGroupName"] == "group"
    assert back["MasterUsername"] == "lifeboat"


def test_a_restore_by_resource_id_or_arn_takes_the_right_instance_or_none(cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    make_database(cloud, "first", AllocatedStorage=20)
    second = make_database(cloud, "second", AllocatedStorage=50)
    rds.restore_db_instance_to_point_in_time(
        SourceDbiResourceId=second["DbiResourceId"],
        TargetDBInstanceIdentifier="by-id",
        UseLatestRestorableTime=True,
    )
    assert describe(cloud, "by-id")["AllocatedStorage"] == 50
    (backup,) = _backups(cloud, HOME, DBInstanceIdentifier="second")
    rds.restore_db_instance_to_point_in_time(
        SourceDBInstanceAutomatedBackupsArn=backup["DBInstanceAutomatedBackupsArn"],
        TargetDBInstanceIdentifier="by-arn",
        UseLatestRestorableTime=True,
    )
    assert describe(cloud, "by-arn")["AllocatedStorage"] == 50
    for made_up in (
        {"SourceDbiResourceId": "db-NOBODY"},
        {"SourceDBInstanceAutomatedBackupsArn": f"arn:aws:rds:{HOME}:123456789012:auto-backup:ab-nobody"},
    ):
        with pytest.raises(ClientError, match="DBInstanceAutomatedBackupNotFound"):
            rds.restore_db_instance_to_point_in_time(
                TargetDBInstanceIdentifier="never", UseLatestRestorableTime=True, **made_up
            )


@pytest.mark.fault("F09")
def test_a_restore_outside_the_window_is_refused(cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    created_at = make_database(cloud, "db")["InstanceCreateTime"]
    cloud.advance(3600)
    latest_at = describe(cloud, "db")["LatestRestorableTime"]
    assert timedelta(minutes=50) < latest_at - created_at <= timedelta(minutes=60)
    for moment in (latest_at + timedelta(minutes=10), created_at - timedelta(hours=1)):
        with pytest.raises(ClientError, match="the window is"):
            rds.restore_db_instance_to_point_in_time(
                SourceDBInstanceIdentifier="db", TargetDBInstanceIdentifier="b", RestoreTime=moment
            )
    rds.restore_db_instance_to_point_in_time(
        SourceDBInstanceIdentifier="db",
        TargetDBInstanceIdentifier="b",
        RestoreTime=latest_at - timedelta(minutes=5),
        DeletionProtection=False,
    )
    assert describe(cloud, "b")["DBInstanceStatus"] == "available"


def test_a_restore_needs_one_target_and_backups(cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    make_database(cloud, "db", BackupRetentionPeriod=0)
    source = {"SourceDBInstanceIdentifier": "db", "TargetDBInstanceIdentifier": "b"}
    with pytest.raises(ClientError, match="PointInTimeRestoreNotEnabled"):
        rds.restore_db_instance_to_point_in_time(UseLatestRestorableTime=True, **source)
    rds.modify_db_instance(DBInstanceIdentifier="db", BackupRetentionPeriod=7, ApplyImmediately=True)
    with pytest.raises(ClientError, match="either RestoreTime or UseLatestRestorableTime"):
        rds.restore_db_instance_to_point_in_time(**source)


def test_a_backup_has_arn_resource_id_and_window_and_outlives_its_instance(cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    made = make_database(cloud, "db")
    (active,) = _backups(cloud, HOME)
    assert active["Status"] == "active"
    assert active["DbiResourceId"] == made["DbiResourceId"]
    assert active["Region"] == HOME
    assert active["RestoreWindow"]["EarliestTime"] <= active["RestoreWindow"]["LatestTime"]
    rds.delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True, DeleteAutomatedBackups=False)
    (retained,) = _backups(cloud, HOME, DbiResourceId=made["DbiResourceId"])
    assert retained["Status"] == "retained"
    rds.restore_db_instance_to_point_in_time(
        SourceDbiResourceId=made["DbiResourceId"],
        TargetDBInstanceIdentifier="back",
        UseLatestRestorableTime=True,
    )
    rds.delete_db_instance_automated_backup(DbiResourceId=made["DbiResourceId"])
    assert [backup["DBInstanceIdentifier"] for backup in _backups(cloud, HOME)] == ["back"]


def test_replicated_backups_freeze_when_the_source_region_is_lost_and_restore_elsewhere(
    cloud: CloudProcess,
) -> None:
    source = make_database(cloud, "db", StorageEncrypted=True, KmsKeyId=make_key(cloud))
    with pytest.raises(ClientError, match="KMSKeyNotAccessibleFault"):
        _replicate(cloud, source["DBInstanceArn"])
    key = make_key(cloud, AWAY)
    started = _replicate(cloud, source["DBInstanceArn"], KmsKeyId=key, BackupRetentionPeriod=14)
    assert started["Status"] == "pending"
    arn = started["DBInstanceAutomatedBackupsArn"]
    cloud.advance(1800)
    (copy,) = _backups(cloud, AWAY)
    assert (copy["Status"], copy["Region"], copy["KmsKeyId"]) == ("replicating", HOME, key)
    assert copy["BackupRetentionPeriod"] == 14
    assert describe(cloud, "db")["DBInstanceAutomatedBackupsReplications"] == [
        {"DBInstanceAutomatedBackupsArn": arn}
    ]
    lost_at = copy["RestoreWindow"]["LatestTime"]
    cloud.admin("POST", "faults", {"kind": "error", "region": HOME})
    cloud.advance(1800)
    (copy,) = _backups(cloud, AWAY)
    assert copy["RestoreWindow"]["LatestTime"] == lost_at
    cloud.client("rds", AWAY).restore_db_instance_to_point_in_time(
        SourceDBInstanceAutomatedBackupsArn=arn,
        TargetDBInstanceIdentifier="rescued",
        UseLatestRestorableTime=True,
    )
    assert describe(cloud, "rescued", AWAY)["KmsKeyId"] == key


def test_stopping_replication_keeps_what_was_copied(cloud: CloudProcess) -> None:
    source = make_database(cloud, "db")["DBInstanceArn"]
    _replicate(cloud, source)
    cloud.client("rds", AWAY).stop_db_instance_automated_backups_replication(SourceDBInstanceArn=source)
    assert [backup["Status"] for backup in _backups(cloud, AWAY)] == ["retained"]
    assert describe(cloud, "db")["DBInstanceAutomatedBackupsReplications"] == []
    with pytest.raises(ClientError, match="DBInstanceAutomatedBackupNotFound"):
        cloud.client("rds", AWAY).stop_db_instance_automated_backups_replication(SourceDBInstanceArn=source)
