"""Events: what is told of databases, when, to whom."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.conftest import StartCloud
from tests.localcloud_aws.rds_world import make_database
from tests.waiting import soon

NOW = {"ApplyImmediately": True}


def messages(cloud: CloudProcess, name: str = "db", **asked: Any) -> list[str]:
    """Return what the events of a database say."""
    about = {"SourceIdentifier": name, "SourceType": "db-instance", **asked}
    return [event["Message"] for event in cloud.client("rds").describe_events(**about)["Events"]]


def test_what_is_done_to_a_database_is_told(cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    make_database(cloud, "db")
    rds.reboot_db_instance(DBInstanceIdentifier="db")
    rds.modify_db_instance(
        DBInstanceIdentifier="db",
        DBInstanceClass="db.t4g.large",
        AllocatedStorage=40,
        BackupRetentionPeriod=0,
        MultiAZ=True,
        **NOW,
    )
    rds.stop_db_instance(DBInstanceIdentifier="db")
    rds.start_db_instance(DBInstanceIdentifier="db")
    rds.delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True)
    told = messages(cloud)
    assert told[:3] == ["DB instance created", "Backing up DB instance", "Finished DB instance backup"]
    assert sorted(told[3:-1]) == [
        "DB instance restarted",
        "DB instance started",
        "DB instance stopped",
        "Disabled automated backups",
        "Finished applying modification to DB instance class",
        "Finished applying modification to allocated storage",
        "Finished applying modification to convert to a Multi-AZ DB instance",
    ]
    assert told[-1] == "DB instance deleted"


def test_an_event_comes_when_it_is_over_and_not_before(start_cloud: StartCloud) -> None:
    cloud = start_cloud("--transition-s", "60", "--tick-s", "0.1").wait_until_ready()
    make_database(cloud, "db")
    cloud.advance(61)
    cloud.client("rds").reboot_db_instance(DBInstanceIdentifier="db")
    assert "DB instance restarted" not in messages(cloud)
    cloud.advance(61)
    assert "DB instance restarted" in messages(cloud)
    cloud.client("rds").modify_db_instance(DBInstanceIdentifier="db", AllocatedStorage=40, **NOW)
    cloud.advance(61)
    assert messages(cloud)[-1] == "Finished applying modification to allocated storage"
    cloud.client("rds").delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True)
    assert "DB instance deleted" not in messages(cloud)
    cloud.advance(61)
    assert soon(lambda: "DB instance deleted" in messages(cloud))


def test_events_are_asked_for_by_time_and_category(cloud: CloudProcess) -> None:
    make_database(cloud, "db")
    cloud.advance(2 * 3600)
    assert messages(cloud) == []
    assert messages(cloud, Duration=180, EventCategories=["creation"]) == ["DB instance created"]
    cloud.advance(15 * 24 * 3600)
    # Of the longest time one may ask for; backups of these days may be told already.
    assert messages(cloud, Duration=20_160, EventCategories=["creation"]) == []
    with pytest.raises(ClientError, match="InvalidParameterCombination"):
        cloud.client("rds").describe_events(SourceIdentifier="db")


def test_a_subscription_publishes_what_it_is_about_and_nothing_else(cloud: CloudProcess) -> None:
    sns, sqs, rds = (cloud.client(name) for name in ("sns", "sqs", "rds"))
    topic = sns.create_topic(Name="t")["TopicArn"]
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    rds.create_event_subscription(
        SubscriptionName="s",
        SnsTopicArn=topic,
        SourceType="db-instance",
        EventCategories=["deletion"],
        Enabled=True,
    )
    make_database(cloud, "db")
    rds.delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True)
    received = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    (body,) = [json.loads(one["Body"]) for one in received]
    event = json.loads(body["Message"])
    assert body["Subject"] == "RDS Notification Message"
    assert (event["Source ID"], event["Event Message"]) == ("db", "DB instance deleted")
    assert event["Event ID"].endswith("#RDS-EVENT-0003")


def test_snapshots_and_restores_are_told(cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    make_database(cloud, "db")
    rds.create_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier="s")
    rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="back", DBSnapshotIdentifier="s")
    about = {"SourceIdentifier": "s", "SourceType": "db-snapshot"}
    told = [event["Message"] for event in rds.describe_events(**about)["Events"]]
    assert told == ["Creating manual snapshot", "Manual snapshot created"]
    assert "Restored from snapshot" in messages(cloud, "back")
