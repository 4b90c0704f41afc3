"""Replicas say how they are, and what happens to one whose primary is deleted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from tests.localcloud_aws.behind import forget_faults, strike
from tests.localcloud_aws.rds_world import AWAY, HOME, describe
from tests.localcloud_aws.real_cloud import RealCloud, real_cloud
from tests.waiting import soon


@pytest.fixture(scope="module")
def shared() -> Iterator[RealCloud]:
    with real_cloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(shared: RealCloud) -> Iterator[RealCloud]:
    """The module's cloud, emptied after the test."""
    yield shared
    forget_faults(shared)
    shared.aws.admin("DELETE", "faults")
    shared.aws.admin("POST", "reset")


def make_pair(cloud: RealCloud) -> None:
    """Make a primary with one row and a replica of it in the other region."""
    arn = cloud.make("main")["DBInstanceArn"]
    with cloud.connect("main") as connection:
        connection.execute("create table kept as select 7 as answer")
    away = cloud.aws.client("rds", AWAY)
    away.create_db_instance_read_replica(DBInstanceIdentifier="copy", SourceDBInstanceIdentifier=arn)
    cloud.available("copy", AWAY)


def replication(cloud: RealCloud) -> str:
    """Return how the replica's replication is said to be."""
    (info,) = describe(cloud.aws, "copy", AWAY)["StatusInfos"]
    assert info["StatusType"] == "read replication"
    assert info["Normal"] == (info["Status"] == "replicating")
    return str(info["Status"])


def has_row(cloud: RealCloud, name: str, region: str) -> bool:
    with cloud.connect(name, region) as connection:
        return connection.execute("select answer from kept").fetchone() == (7,)


def test_a_replica_at_which_nothing_arrives_says_so_until_it_does_again(cloud: RealCloud) -> None:
    make_pair(cloud)
    assert soon(lambda: replication(cloud) == "replicating", 30)
    strike(cloud, "replica_link", "copy", AWAY)
    assert soon(lambda: replication(cloud) == "error", 30)
    forget_faults(cloud)
    assert soon(lambda: replication(cloud) == "replicating", 30)
    cloud.aws.admin("POST", "faults", {"kind": "drop", "region": HOME})
    assert soon(lambda: replication(cloud) == "error", 30)
    assert has_row(cloud, "copy", AWAY)


def test_a_replica_outlives_its_primary_and_is_promoted(cloud: RealCloud) -> None:
    make_pair(cloud)
    rds, away = cloud.aws.client("rds"), cloud.aws.client("rds", AWAY)
    rds.delete_db_instance(DBInstanceIdentifier="main", SkipFinalSnapshot=True)
    assert soon(lambda: replication(cloud) == "terminated", 30)
    assert soon(lambda: has_row(cloud, "copy", AWAY), 30)
    away.promote_read_replica(DBInstanceIdentifier="copy")
    promoted = cloud.available("copy", AWAY)
    assert "StatusInfos" not in promoted or promoted["StatusInfos"] == []
    with cloud.connect("copy", AWAY) as connection:
        connection.execute("insert into kept values (8)")


def test_a_multi_az_replica_gets_its_standby_when_it_is_promoted(cloud: RealCloud) -> None:
    make_pair(cloud)
    away = cloud.aws.client("rds", AWAY)
    away.modify_db_instance(DBInstanceIdentifier="copy", MultiAZ=True, ApplyImmediately=True)
    cloud.available("copy", AWAY)
    with pytest.raises(ClientError, match="not supported by the local cloud"):
        away.reboot_db_instance(DBInstanceIdentifier="copy", ForceFailover=True)
    away.promote_read_replica(DBInstanceIdentifier="copy")
    cloud.available("copy", AWAY)
    away.reboot_db_instance(DBInstanceIdentifier="copy", ForceFailover=True)
    cloud.available("copy", AWAY)
    assert has_row(cloud, "copy", AWAY)
