"""What RDS refuses, with its codes, and that a refusal changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from localcloud.aws.rds.rules import check_upgrade, check_windows, free_backup_window
from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.rds_world import (
    AWAY,
    HOME,
    describe,
    make_database,
    make_key,
    make_subnet_group,
)

NOW = {"ApplyImmediately": True}
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"DBInstanceClass": "db.t4g.huge"}, "InvalidParameterValue.*Invalid DB Instance class"),
    ({"DBInstanceClass": "large"}, "InvalidParameterValue.*Invalid DB Instance class"),
    ({"DBInstanceClass": "db.m4.large"}, "InvalidParameterCombination.*does not support"),
    ({"EngineVersion": "99.9"}, "InvalidParameterCombination.*Cannot find version 99.9"),
    ({"BackupRetentionPeriod": 36}, "InvalidParameterValue.*between 0 and 35"),
    ({"Port": 80}, "InvalidParameterValue.*Invalid endpoint port 80"),
    ({"MasterUserPassword": "short"}, "InvalidParameterValue.*shorter than 8"),
    ({"MasterUserPassword": "x" * 129}, "InvalidParameterValue.*longer than 128"),
    ({"MasterUserPassword": "with/slash-1"}, "InvalidParameterValue.*printable ASCII"),
    ({"MasterUserPassword": "with space-1"}, "InvalidParameterValue.*printable ASCII"),
    ({"MasterUserPassword": "with-umlaut-ü"}, "InvalidParameterValue.*printable ASCII"),
    ({"MasterUsername": "rdsadmin"}, "InvalidParameterValue.*reserved word"),
    ({"MasterUsername": "1st"}, "InvalidParameterValue.*master user name"),
    ({"ManageMasterUserPassword": True}, "InvalidParameterCombination.*ManageMasterUserPassword"),
    ({"AllocatedStorage": 19, "StorageType": "gp3"}, "InvalidParameterCombination.*storage size.*gp3: 19"),
    ({"AllocatedStorage": 50, "StorageType": "io1", "Iops": 1000}, "InvalidParameterCombination.*io1: 50"),
    ({"StorageType": "gp3", "Iops": 4000}, "InvalidParameterCombination.*less than 400"),
    ({"StorageType": "tape"}, "InvalidParameterValue.*Invalid storage type"),
    ({"PreferredBackupWindow": "3-4"}, "InvalidParameterValue.*Invalid backup window format"),
    ({"PreferredBackupWindow": "03:00-03:20"}, "InvalidParameterValue.*at least 30 minutes"),
    ({"PreferredMaintenanceWindow": "sun:03:00-sun:03:20"}, "InvalidParameterValue.*at least 30 minutes"),
    ({"PreferredMaintenanceWindow": "sun:03:00-tue:03:20"}, "InvalidParameterValue.*less than 24 hours"),
    (
        {"PreferredBackupWindow": "23:50-00:20", "PreferredMaintenanceWindow": "mon:00:10-mon:00:40"},
        "InvalidParameterValue.*must not overlap",
    ),
    ({"MultiAZ": True, "AvailabilityZone": f"{HOME}a"}, "InvalidParameterCombination.*availability zone"),
    ({"VpcSecurityGroupIds": ["sg-0123456789"]}, "InvalidParameterValue.*Invalid security group"),
    ({"DBSubnetGroupName": "nowhere"}, "DBSubnetGroupNotFoundFault"),
    ({"DBParameterGroupName": "nowhere"}, "DBParameterGroupNotFound"),
]


@pytest.mark.parametrize(("changes", "code"), REFUSED, ids=lambda one: str(one)[:60])
def test_a_creation_is_refused(cloud: CloudProcess, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError, match=code):
        make_database(cloud, "db", **changes)
    assert cloud.client("rds").describe_db_instances()["DBInstances"] == []


@pytest.mark.parametrize("name", ["1st", "two--hyphens", "end-", "under_score", "x" * 64])
def test_a_bad_identifier_is_refused_for_new_ones_and_for_a_rename(cloud: CloudProcess, name: str) -> None:
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        make_database(cloud, name)
    make_database(cloud, "db")
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        cloud.client("rds").modify_db_instance(DBInstanceIdentifier="db", NewDBInstanceIdentifier=name, **NOW)
    assert describe(cloud, "db")["DBInstanceStatus"] == "available"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"AllocatedStorage": 30}, "InvalidParameterCombination.*less than the current"),
        ({"DBInstanceClass": "db.t4g.huge"}, "Invalid DB Instance class"),
        ({"EngineVersion": "17.3"}, "Cannot upgrade postgres from 17.4 to 17.3"),
        ({"EngineVersion": "18.1"}, "AllowMajorVersionUpgrade flag must be present"),
        ({"BackupRetentionPeriod": 99}, "between 0 and 35"),
        ({"MasterUserPassword": "x"}, "shorter than 8"),
        ({"PreferredBackupWindow": "05:10-05:40"}, "must not overlap"),
        ({"DBSubnetGroupName": "nowhere"}, "DBSubnetGroupNotFoundFault"),
    ],
    ids=lambda one: str(one)[:60],
)
@pytest.mark.parametrize("immediately", [True, False])
def test_a_change_is_refused_at_once_also_when_it_would_wait(
    cloud: CloudProcess, changes: dict[str, Any], code: str, immediately: bool
) -> None:
    make_database(cloud, "db", AllocatedStorage=40, PreferredMaintenanceWindow="sun:05:00-sun:06:00")
    with pytest.raises(ClientError, match=code):
        cloud.client("rds").modify_db_instance(
            DBInstanceIdentifier="db", ApplyImmediately=immediately, **changes
        )
    found = describe(cloud, "db")
    assert (found["PendingModifiedValues"], found["AllocatedStorage"]) == ({}, 40)


def test_storage_grows_by_a_tenth_at_least(cloud: CloudProcess) -> None:
    make_database(cloud, "db", AllocatedStorage=100)
    cloud.client("rds").modify_db_instance(DBInstanceIdentifier="db", AllocatedStorage=101, **NOW)
    assert describe(cloud, "db")["AllocatedStorage"] == 110


def test_a_subnet_group_of_another_region_is_not_there(cloud: CloudProcess) -> None:
    make_subnet_group(cloud, "group", AWAY)
    with pytest.raises(ClientError, match="DBSubnetGroupNotFoundFault"):
        make_database(cloud, "db", DBSubnetGroupName="group")


def test_a_key_has_to_be_of_the_region_and_enabled(cloud: CloudProcess) -> None:
    key, other = make_key(cloud), make_key(cloud, AWAY)
    for wrong in (other, "no-such-key"):
        with pytest.raises(ClientError, match="KMSKeyNotAccessibleFault"):
            make_database(cloud, "db", StorageEncrypted=True, KmsKeyId=wrong)
    cloud.client("kms").disable_key(KeyId=key)
    with pytest.raises(ClientError, match="KMSKeyNotAccessibleFault"):
        make_database(cloud, "db", StorageEncrypted=True, KmsKeyId=key)
    cloud.client("kms").enable_key(KeyId=key)
    made = make_database(cloud, "db", StorageEncrypted=True, KmsKeyId=key.rpartition("/")[2])
    assert made["KmsKeyId"] == key


def test_groups_in_use_are_not_deleted(cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    make_subnet_group(cloud, "subnets")
    rds.create_db_parameter_group(
        DBParameterGroupName="values", DBParameterGroupFamily="postgres17", Description="d"
    )
    make_database(cloud, "db", DBSubnetGroupName="subnets", DBParameterGroupName="values")
    with pytest.raises(ClientError, match="InvalidDBParameterGroupState"):
        rds.delete_db_parameter_group(DBParameterGroupName="values")
    with pytest.raises(ClientError, match="InvalidDBSubnetGroupStateFault"):
        rds.delete_db_subnet_group(DBSubnetGroupName="subnets")
    rds.delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True)
    rds.delete_db_parameter_group(DBParameterGroupName="values")
    rds.delete_db_subnet_group(DBSubnetGroupName="subnets")


def test_final_snapshots_have_rules_of_their_own(cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    make_database(cloud, "db")
    rds.create_db_instance_read_replica(DBInstanceIdentifier="replica", SourceDBInstanceIdentifier="db")
    rds.create_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier="taken")
    for name, final, code in (
        ("db", "taken", "DBSnapshotAlreadyExists"),
        ("db", "bad--name", "InvalidParameterValue"),
        ("replica", "last", "InvalidParameterCombination.*replica"),
    ):
        with pytest.raises(ClientError, match=code):
            rds.delete_db_instance(DBInstanceIdentifier=name, FinalDBSnapshotIdentifier=final)
    with pytest.raises(ClientError, match=r"InvalidParameterCombination.*SkipFinalSnapshot"):
        rds.delete_db_instance(
            DBInstanceIdentifier="db", FinalDBSnapshotIdentifier="x", SkipFinalSnapshot=True
        )
    assert len(rds.describe_db_instances()["DBInstances"]) == 2


def test_a_replica_and_a_restore_are_checked_too(cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    make_database(cloud, "db")
    rds.create_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier="s")
    wrong = {"DBInstanceClass": "db.t4g.huge"}
    with pytest.raises(ClientError, match="Invalid DB Instance class"):
        rds.create_db_instance_read_replica(
            DBInstanceIdentifier="r", SourceDBInstanceIdentifier="db", **wrong
        )
    with pytest.raises(ClientError, match="Invalid DB Instance class"):
        rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="r", DBSnapshotIdentifier="s", **wrong)
    with pytest.raises(ClientError, match="Invalid DB Instance class"):
        rds.restore_db_instance_to_point_in_time(
            SourceDBInstanceIdentifier="db",
            TargetDBInstanceIdentifier="r",
            UseLatestRestorableTime=True,
            **wrong,
        )


def test_what_is_left_out_is_chosen_well() -> None:
    for maintenance in ("sun:04:00-sun:05:00", "wed:13:00-wed:14:00", "mon:20:10-mon:20:40"):
        check_windows(free_backup_window(maintenance), maintenance)


def test_a_version_may_only_go_up() -> None:
    check_upgrade("16.4", "16.5", is_major_allowed=False)
    check_upgrade("16.4", "16", is_major_allowed=False)
    check_upgrade("16.4", "17.1", is_major_allowed=True)
