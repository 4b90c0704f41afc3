"""RDS read replicas: in another region, promoted, renamed, deleted."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.rds_world import AWAY, describe, make_database, make_key, make_subnet_group


def test_a_replica_in_another_region_does_not_need_the_primarys_groups(cloud: CloudProcess) -> None:
    make_subnet_group(cloud, "home-group")
    make_subnet_group(cloud, "away-group", AWAY)
    cloud.client("rds").create_db_parameter_group(
        DBParameterGroupName="custom", DBParameterGroupFamily="postgres17", Description="d"
    )
    groups = {"DBParameterGroupName": "custom", "DBSubnetGroupName": "home-group"}
    primary = make_database(cloud, "db", **groups)
    away = cloud.client("rds", AWAY)
    away.create_db_instance_read_replica(
        DBInstanceIdentifier="db-replica",
        SourceDBInstanceIdentifier=primary["DBInstanceArn"],
        DBSubnetGroupName="away-group",
    )
    replica = describe(cloud, "db-replica", AWAY)
    assert replica["DBSubnetGroup"]["DBSubnetGroupName"] == "away-group"
    assert replica["DBParameterGroups"][0]["DBParameterGroupName"] == "default.postgres17"
    assert replica["AvailabilityZone"].startswith(AWAY)
    assert replica["BackupRetentionPeriod"] == 0
    assert replica["DbiResourceId"] != primary["DbiResourceId"]
    assert replica["ReadReplicaSourceDBInstanceIdentifier"] == primary["DBInstanceArn"]
    assert describe(cloud, "db")["ReadReplicaDBInstanceIdentifiers"] == [replica["DBInstanceArn"]]


def test_an_encrypted_replica_in_another_region_needs_a_key_of_that_region(cloud: CloudProcess) -> None:
    primary = make_database(cloud, "db", StorageEncrypted=True, KmsKeyId=make_key(cloud))
    source = {"SourceDBInstanceIdentifier": primary["DBInstanceArn"]}
    away = cloud.client("rds", AWAY)
    with pytest.raises(ClientError, match="KMSKeyNotAccessibleFault"):
        away.create_db_instance_read_replica(DBInstanceIdentifier="r", **source)
    key = make_key(cloud, AWAY)
    away.create_db_instance_read_replica(DBInstanceIdentifier="r", KmsKeyId=key, **source)
    assert describe(cloud, "r", AWAY)["KmsKeyId"] == key


def test_promotion_cuts_the_link_on_both_sides_and_only_for_replicas(cloud: CloudProcess) -> None:
    primary = make_database(cloud, "db")
    away = cloud.client("rds", AWAY)
    away.create_db_instance_read_replica(
        DBInstanceIdentifier="r", SourceDBInstanceIdentifier=primary["DBInstanceArn"]
    )
    away.promote_read_replica(DBInstanceIdentifier="r", BackupRetentionPeriod=14)
    promoted = describe(cloud, "r", AWAY)
    assert "ReadReplicaSourceDBInstanceIdentifier" not in promoted
    assert promoted["BackupRetentionPeriod"] == 14
    assert describe(cloud, "db")["ReadReplicaDBInstanceIdentifiers"] == []
    with pytest.raises(ClientError, match="InvalidDBInstanceState"):
        away.promote_read_replica(DBInstanceIdentifier="r")
    with pytest.raises(ClientError, match="DBInstanceNotFound"):
        away.promote_read_replica(DBInstanceIdentifier="nobody")


def test_links_follow_a_rename_and_a_deletion(cloud: CloudProcess) -> None:
    primary = make_database(cloud, "db")
    rds, away = cloud.client("rds"), cloud.client("rds", AWAY)
    away.create_db_instance_read_replica(
        DBInstanceIdentifier="r", SourceDBInstanceIdentifier=primary["DBInstanceArn"]
    )
    rds.create_db_instance_read_replica(DBInstanceIdentifier="near", SourceDBInstanceIdentifier="db")
    rds.modify_db_instance(DBInstanceIdentifier="db", NewDBInstanceIdentifier="db2", ApplyImmediately=True)
    assert describe(cloud, "near")["ReadReplicaSourceDBInstanceIdentifier"] == "db2"
    assert describe(cloud, "r", AWAY)["ReadReplicaSourceDBInstanceIdentifier"].endswith(":db2")
    away.delete_db_instance(DBInstanceIdentifier="r", SkipFinalSnapshot=True)
    assert describe(cloud, "db2")["ReadReplicaDBInstanceIdentifiers"] == ["near"]
    rds.delete_db_instance(DBInstanceIdentifier="db2", SkipFinalSnapshot=True)
    assert "ReadReplicaSourceDBInstanceIdentifier" not in describe(cloud, "near")


def test_a_managed_master_password_and_replicas_exclude_each_other(cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    managed = {"ManageMasterUserPassword": True, "ApplyImmediately": True}
    primary = make_database(cloud, "db")
    rds.create_db_instance_read_replica(DBInstanceIdentifier="r", SourceDBInstanceIdentifier="db")
    with pytest.raises(ClientError, match="not supported for an instance with read replicas"):
        rds.modify_db_instance(DBInstanceIdentifier="db", **managed)
    with pytest.raises(ClientError, match="cannot differ from its parent"):
        rds.modify_db_instance(DBInstanceIdentifier="r", MasterUserPassword="another-one-9")
    rds.delete_db_instance(DBInstanceIdentifier="r")
    rds.modify_db_instance(DBInstanceIdentifier="db", **managed)
    source = {"SourceDBInstanceIdentifier": primary["DBInstanceArn"]}
    with pytest.raises(ClientError, match="where ManageMasterUserPassword is enabled is not supported"):
        cloud.client("rds", AWAY).create_db_instance_read_replica(DBInstanceIdentifier="r", **source)
