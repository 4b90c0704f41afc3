"""Snapshots, restores and replicas of RDS, proven on data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from lifeboat.core.clock import SystemClock
from tests.localcloud_aws.rds_world import AWAY, HOME, describe
from tests.localcloud_aws.real_cloud import PASSWORD, RealCloud, real_cloud
from tests.waiting import soon

_CLOCK = SystemClock()


@pytest.fixture(scope="module")
def shared() -> Iterator[RealCloud]:
    with real_cloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(shared: RealCloud) -> Iterator[RealCloud]:
    """The module's cloud, emptied after the test."""
    yield shared
    shared.aws.admin("DELETE", "faults")
    shared.aws.admin("POST", "reset")


def write(cloud: RealCloud, name: str, value: int, region: str = HOME) -> None:
    """Add a row to the one table, which is made when it is not there."""
    with cloud.connect(name, region) as connection:
        connection.execute("create table if not exists kept (id int primary key)")
        connection.execute("insert into kept values (%s)", (value,))


def rows(cloud: RealCloud, name: str, region: str = HOME) -> list[int]:
    """Return the rows of the one table."""
    with cloud.connect(name, region) as connection:
        return [row[0] for row in connection.execute("select id from kept order by id").fetchall()]


def snapshot(cloud: RealCloud, name: str, region: str = HOME) -> dict[str, Any]:
    """Wait until a snapshot is there, and return it."""
    rds = cloud.aws.client("rds", region)

    def found() -> dict[str, Any]:
        return dict(rds.describe_db_snapshots(DBSnapshotIdentifier=name)["DBSnapshots"][0])

    assert soon(lambda: found()["Status"] != "creating", 60)
    assert found()["Status"] == "available", cloud.service.health()
    return found()


def test_a_snapshot_holds_what_was_acknowledged_before_it_also_in_another_region(cloud: RealCloud) -> None:
    cloud.make("main")
    write(cloud, "main", 1)
    home, away = cloud.aws.client("rds"), cloud.aws.client("rds", AWAY)
    home.create_db_snapshot(DBInstanceIdentifier="main", DBSnapshotIdentifier="snap")
    arn = snapshot(cloud, "snap")["DBSnapshotArn"]
    write(cloud, "main", 2)
    away.copy_db_snapshot(
        SourceDBSnapshotIdentifier=arn, TargetDBSnapshotIdentifier="copied", SourceRegion=HOME
    )
    snapshot(cloud, "copied", AWAY)
    home.delete_db_snapshot(DBSnapshotIdentifier="snap")
    away.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="back", DBSnapshotIdentifier="copied")
    cloud.available("back", AWAY)
    assert rows(cloud, "back", AWAY) == [1]
    write(cloud, "back", 3, AWAY)
    assert rows(cloud, "main") == [1, 2]


def test_a_final_snapshot_outlives_its_database(cloud: RealCloud) -> None:
    cloud.make("main")
    write(cloud, "main", 1)
    rds = cloud.aws.client("rds")
    rds.delete_db_instance(DBInstanceIdentifier="main", FinalDBSnapshotIdentifier="last")
    snapshot(cloud, "last")
    rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="main", DBSnapshotIdentifier="last")
    cloud.available("main")
    assert rows(cloud, "main") == [1]


def test_a_restore_to_a_moment_has_what_was_acknowledged_before_it_and_nothing_later(
    cloud: RealCloud,
) -> None:
    cloud.make("main")
    assert soon(lambda: cloud.restore_window("main") != {}, 60), cloud.service.health()
    write(cloud, "main", 1)
    moment = _CLOCK.now() + timedelta(milliseconds=5)
    _CLOCK.sleep(0.01)
    write(cloud, "main", 2)
    cloud.restorable_to("main", moment)
    rds = cloud.aws.client("rds")
    rds.restore_db_instance_to_point_in_time(
        SourceDBInstanceIdentifier="main", TargetDBInstanceIdentifier="before", RestoreTime=moment
    )
    cloud.available("before")
    assert rows(cloud, "before") == [1]
    cloud.restorable_after("main", _CLOCK.now())
    rds.restore_db_instance_to_point_in_time(
        SourceDBInstanceIdentifier="main",
        TargetDBInstanceIdentifier="latest",
        UseLatestRestorableTime=True,
    )
    cloud.available("latest")
    assert rows(cloud, "latest") == [1, 2]


def test_retained_backups_restore_a_deleted_database(cloud: RealCloud) -> None:
    resource_id = cloud.make("main")["DbiResourceId"]
    write(cloud, "main", 1)
    cloud.restorable_after("main", _CLOCK.now())
    rds = cloud.aws.client("rds")
    rds.delete_db_instance(DBInstanceIdentifier="main", SkipFinalSnapshot=True, DeleteAutomatedBackups=False)
    rds.restore_db_instance_to_point_in_time(
        SourceDbiResourceId=resource_id, TargetDBInstanceIdentifier="back", UseLatestRestorableTime=True
    )
    cloud.available("back")
    assert rows(cloud, "back") == [1]


def test_a_replica_in_another_region_follows_and_is_promoted_with_all_it_replayed(cloud: RealCloud) -> None:
    arn = cloud.make("main")["DBInstanceArn"]
    write(cloud, "main", 1)
    away = cloud.aws.client("rds", AWAY)
    away.create_db_instance_read_replica(DBInstanceIdentifier="copy", SourceDBInstanceIdentifier=arn)
    cloud.available("copy", AWAY)
    write(cloud, "main", 2)
    assert soon(lambda: rows(cloud, "copy", AWAY) == [1, 2], 60)
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        write(cloud, "copy", 3, AWAY)
    away.promote_read_replica(DBInstanceIdentifier="copy")
    cloud.available("copy", AWAY)
    write(cloud, "copy", 3, AWAY)
    write(cloud, "main", 4)
    assert rows(cloud, "copy", AWAY) == [1, 2, 3]
    cloud.restorable_after("copy", _CLOCK.now(), AWAY)


def test_a_lost_region_takes_its_endpoints_and_links_with_it_and_gives_them_back(cloud: RealCloud) -> None:
    arn = cloud.make("main")["DBInstanceArn"]
    away = cloud.aws.client("rds", AWAY)
    away.create_db_instance_read_replica(DBInstanceIdentifier="copy", SourceDBInstanceIdentifier=arn)
    cloud.available("copy", AWAY)
    write(cloud, "main", 1)
    assert soon(lambda: rows(cloud, "copy", AWAY) == [1], 60)
    port = describe(cloud.aws, "main")["Endpoint"]["Port"]
    way = {"host": "127.0.0.1", "port": port, "connect_timeout": 2}
    cloud.aws.admin("POST", "faults", {"kind": "drop", "region": HOME})
    with pytest.raises(psycopg.OperationalError, match="timeout"):
        psycopg.connect(**way, user="lifeboat", sslmode="require")
    assert rows(cloud, "copy", AWAY) == [1]
    cloud.aws.admin("DELETE", "faults")
    write(cloud, "main", 2)
    assert soon(lambda: rows(cloud, "copy", AWAY) == [1, 2], 60)


def test_a_restored_database_has_the_password_of_its_moment_until_told_another(cloud: RealCloud) -> None:
    cloud.make("main", MasterUserPassword="password-of-then")
    rds = cloud.aws.client("rds")
    assert soon(lambda: cloud.restore_window("main") != {}, 60)
    at = _CLOCK.now()
    cloud.restorable_to("main", at)
    now = {"MasterUserPassword": PASSWORD, "ApplyImmediately": True}
    rds.modify_db_instance(DBInstanceIdentifier="main", **now)
    cloud.available("main")
    rds.restore_db_instance_to_point_in_time(
        SourceDBInstanceIdentifier="main", TargetDBInstanceIdentifier="back", RestoreTime=at
    )
    cloud.available("back")
    rds.modify_db_instance(DBInstanceIdentifier="back", BackupRetentionPeriod=2, ApplyImmediately=True)
    cloud.available("back")
    with cloud.connect("back", password="password-of-then") as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    rds.modify_db_instance(DBInstanceIdentifier="back", **now)
    cloud.available("back")
    with cloud.connect("back") as connection:
        assert connection.execute("select 1").fetchone() == (1,)
