"""RDS instances: identity, life cycle, groups, rename, deletion, passwords."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.conftest import StartCloud
from tests.localcloud_aws.rds_world import HOME, describe, make_database, make_subnet_group


def test_every_instance_has_its_own_resource_id_and_is_found_by_it(cloud: CloudProcess) -> None:
    ids = {name: make_database(cloud, name)["DbiResourceId"] for name in ("one", "two")}
    assert ids["one"] != ids["two"]
    by_id = [{"Name": "dbi-resource-id", "Values": [ids["two"]]}]
    found = cloud.client("rds").describe_db_instances(Filters=by_id)["DBInstances"]
    assert [instance["DBInstanceIdentifier"] for instance in found] == ["two"]


def test_a_new_instance_is_creating_without_endpoint_and_busy_until_its_time_is_over(
    start_cloud: StartCloud,
) -> None:
    cloud = start_cloud("--transition-s", "60").wait_until_ready()
    rds = cloud.client("rds")
    assert make_database(cloud, "slow")["DBInstanceStatus"] == "creating"
    assert "Endpoint" not in describe(cloud, "slow")
    with pytest.raises(ClientError, match="InvalidDBInstanceState"):
        rds.modify_db_instance(DBInstanceIdentifier="slow", AllocatedStorage=30, ApplyImmediately=True)
    cloud.advance(61)
    assert describe(cloud, "slow")["DBInstanceStatus"] == "available"
    assert describe(cloud, "slow")["Endpoint"]["Port"] == 5432
    rds.modify_db_instance(DBInstanceIdentifier="slow", AllocatedStorage=30, ApplyImmediately=True)
    assert describe(cloud, "slow")["DBInstanceStatus"] == "modifying"
    cloud.advance(61)
    rds.reboot_db_instance(DBInstanceIdentifier="slow")
    assert describe(cloud, "slow")["DBInstanceStatus"] == "rebooting"
    cloud.advance(61)
    rds.delete_db_instance(DBInstanceIdentifier="slow", SkipFinalSnapshot=True)
    assert describe(cloud, "slow")["DBInstanceStatus"] == "deleting"
    cloud.advance(61)
    with pytest.raises(ClientError, match="DBInstanceNotFound"):
        describe(cloud, "slow")


def test_a_passing_state_survives_a_restart(start_cloud: StartCloud) -> None:
    first = start_cloud("--transition-s", "600").wait_until_ready()
    make_database(first, "slow")
    first.end_lifeline()
    second = start_cloud("--transition-s", "600").wait_until_ready()
    assert describe(second, "slow")["DBInstanceStatus"] == "creating"
    second.advance(601)
    assert describe(second, "slow")["DBInstanceStatus"] == "available"


def test_a_modified_subnet_group_stays_with_its_new_subnets(cloud: CloudProcess) -> None:
    subnets = make_subnet_group(cloud, "group")
    rds = cloud.client("rds")
    rds.modify_db_subnet_group(DBSubnetGroupName="group", SubnetIds=subnets)
    (group,) = rds.describe_db_subnet_groups(DBSubnetGroupName="group")["DBSubnetGroups"]
    assert sorted(subnet["SubnetIdentifier"] for subnet in group["Subnets"]) == sorted(subnets)


def test_a_subnet_group_in_one_zone_is_refused(cloud: CloudProcess) -> None:
    subnets = make_subnet_group(cloud, "group")
    with pytest.raises(ClientError, match="DBSubnetGroupDoesNotCoverEnoughAZs"):
        cloud.client("rds").modify_db_subnet_group(DBSubnetGroupName="group", SubnetIds=subnets[:1])


def test_a_rename_moves_name_and_endpoint_and_keeps_the_resource_id(cloud: CloudProcess) -> None:
    made = make_database(cloud, "old")
    cloud.client("rds").modify_db_instance(
        DBInstanceIdentifier="old", NewDBInstanceIdentifier="new", ApplyImmediately=True
    )
    renamed = describe(cloud, "new")
    assert renamed["DbiResourceId"] == made["DbiResourceId"]
    assert renamed["Endpoint"]["Address"].startswith("new.")
    with pytest.raises(ClientError, match="DBInstanceNotFound"):
        describe(cloud, "old")


def test_a_rename_onto_an_existing_name_is_refused_and_changes_nothing(cloud: CloudProcess) -> None:
    ids = {name: make_database(cloud, name)["DbiResourceId"] for name in ("one", "two")}
    with pytest.raises(ClientError, match="DBInstanceAlreadyExists"):
        cloud.client("rds").modify_db_instance(DBInstanceIdentifier="one", NewDBInstanceIdentifier="two")
    assert {name: describe(cloud, name)["DbiResourceId"] for name in ids} == ids


def test_deletion_wants_a_final_snapshot_or_the_explicit_wish_for_none(cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    make_database(cloud, "db")
    with pytest.raises(ClientError, match="FinalDBSnapshotIdentifier is required"):
        rds.delete_db_instance(DBInstanceIdentifier="db")
    rds.delete_db_instance(DBInstanceIdentifier="db", FinalDBSnapshotIdentifier="last")
    assert rds.describe_db_snapshots(DBSnapshotIdentifier="last")["DBSnapshots"][0]["Status"] == "available"


def test_deletion_protection_holds(cloud: CloudProcess) -> None:
    make_database(cloud, "db", DeletionProtection=True)
    with pytest.raises(ClientError, match="Cannot delete protected"):
        cloud.client("rds").delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True)


def test_a_rotated_master_password_stays_readable_and_changes(cloud: CloudProcess) -> None:
    rds, vault = cloud.client("rds"), cloud.client("secretsmanager")
    rds.create_db_instance(
        DBInstanceIdentifier="db",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="captain",
        ManageMasterUserPassword=True,
    )
    arn = describe(cloud, "db")["MasterUserSecret"]["SecretArn"]
    first = json.loads(vault.get_secret_value(SecretId=arn)["SecretString"])
    rds.modify_db_instance(DBInstanceIdentifier="db", RotateMasterUserPassword=True, ApplyImmediately=True)
    second = json.loads(vault.get_secret_value(SecretId=arn)["SecretString"])
    assert first["username"] == second["username"] == "captain"
    assert first["password"] != second["password"]


def test_performance_insights_settings_are_kept(cloud: CloudProcess) -> None:
    kept = {"NetworkType": "IPV4", "EngineLifecycleSupport": "open-source-rds-extended-support-disabled"}
    make_database(cloud, "db", EnablePerformanceInsights=True, EngineVersion="17", **kept)
    found = describe(cloud, "db")
    assert {name: found[name] for name in kept} == kept
    assert found["PerformanceInsightsEnabled"] is True
    assert found["PerformanceInsightsRetentionPeriod"] == 7
    assert found["DBParameterGroups"][0]["DBParameterGroupName"] == "default.postgres17"


def test_an_event_subscription_can_be_modified(cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    topic = cloud.client("sns").create_topic(Name="t")["TopicArn"]
    rds.create_event_subscription(SubscriptionName="s", SnsTopicArn=topic, SourceType="db-instance")
    rds.modify_event_subscription(SubscriptionName="s", EventCategories=["failover"], Enabled=True)
    (found,) = rds.describe_event_subscriptions(SubscriptionName="s")["EventSubscriptionsList"]
    assert found["EventCategoriesList"] == ["failover"]
    assert found["SnsTopicArn"] == topic


def test_an_unknown_operation_is_a_typed_refusal_at_once(cloud: CloudProcess) -> None:
    with pytest.raises(ClientError) as refused:
        cloud.client("rds", HOME).describe_source_regions()
    assert refused.value.response["Error"]["Code"] == "NotSupportedByLocalCloud"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
