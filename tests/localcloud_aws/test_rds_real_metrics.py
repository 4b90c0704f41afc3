"""What CloudWatch is told of databases is measured, and the program's own alarms fire on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx
import pytest

from infra.desired import build
from infra.desired.model import DesiredAlarm
from tests.localcloud_aws.behind import forget_faults, strike
from tests.localcloud_aws.declared_alarm import put
from tests.localcloud_aws.rds_world import AWAY, HOME, describe
from tests.localcloud_aws.real_cloud import RealCloud, real_cloud
from tests.unit.infra.texts import config_of
from tests.waiting import soon

GIB = 1024**3


@pytest.fixture(scope="module")
def shared() -> Iterator[RealCloud]:
    with real_cloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(shared: RealCloud) -> Iterator[RealCloud]:
    """The module's cloud, emptied after the test."""
    yield shared
    forget_faults(shared)
    shared.aws.admin("POST", "reset")


def advance(cloud: RealCloud, seconds: float) -> None:
    """Move the clocks of both halves."""
    clock = f"{cloud.service.url}/_lifeboat/clock"
    httpx.post(clock, json={"advance_s": seconds}, timeout=60).raise_for_status()
    cloud.aws.advance(seconds)


def newest(cloud: RealCloud, metric: str, name: str, region: str = HOME) -> float | None:
    """Return the newest value of a database's metric; None when there is none."""
    now = cloud_now(cloud)
    found = cloud.aws.client("cloudwatch", region).get_metric_statistics(
        Namespace="AWS/RDS",
        MetricName=metric,
        Dimensions=[{"Name": "DBInstanceIdentifier", "Value": name}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(minutes=1),
        Period=60,
        Statistics=["Maximum"],
    )
    points = sorted(found["Datapoints"], key=lambda point: point["Timestamp"])
    return float(points[-1]["Maximum"]) if points else None


def cloud_now(cloud: RealCloud) -> datetime:
    """Return the cloud's time."""
    return datetime.fromisoformat(cloud.aws.admin("GET", "clock")["now"])


def state(cloud: RealCloud, alarm: DesiredAlarm) -> str:
    """Return an alarm's state."""
    cloudwatch = cloud.aws.client("cloudwatch", alarm.region)
    (found,) = cloudwatch.describe_alarms(AlarmNames=[alarm.physical_name])["MetricAlarms"]
    return str(found["StateValue"])


def test_the_programs_alarm_fires_on_the_lag_of_a_replica_and_returns(cloud: RealCloud) -> None:
    alarms = {alarm.metric_name: alarm for alarm in build(config_of("local")).alarms}
    lag = alarms["ReplicaLag"]
    assert lag.region == AWAY
    ((_, name),) = lag.dimensions
    arn = cloud.make("main")["DBInstanceArn"]
    away = cloud.aws.client("rds", AWAY)
    away.create_db_instance_read_replica(DBInstanceIdentifier=name, SourceDBInstanceIdentifier=arn)
    cloud.available(name, AWAY)
    put(cloud.aws, lag)
    advance(cloud, 60)
    assert soon(lambda: state(cloud, lag) == "OK", 60)
    strike(cloud, "replica_pause", name, AWAY)
    with cloud.connect("main") as connection:
        connection.execute("create table unseen (id int)")
    advance(cloud, lag.threshold + lag.period_s * lag.evaluation_periods)
    assert soon(lambda: state(cloud, lag) == "ALARM", 60)
    assert (newest(cloud, "ReplicaLag", name, AWAY) or 0) > lag.threshold
    forget_faults(cloud)
    assert soon(lambda: sees_table(cloud, name), 60)
    advance(cloud, lag.period_s * (lag.evaluation_periods + 1))
    assert soon(lambda: state(cloud, lag) == "OK", 60)
    assert newest(cloud, "ReplicaLag", "main") is None
    assert newest(cloud, "OldestReplicationSlotLag", "main") is not None
    strike(cloud, "replica_link", name, AWAY)
    with cloud.connect("main") as connection:
        connection.execute("create table unsent as select repeat('x', 1000) from generate_series(1, 2000)")
    advance(cloud, 60)
    assert soon(lambda: (newest(cloud, "OldestReplicationSlotLag", "main") or 0) > 1_000_000, 60)


def sees_table(cloud: RealCloud, name: str) -> bool:
    with cloud.connect(name, AWAY) as connection:
        return connection.execute("select to_regclass('unseen') is not null").fetchone() == (True,)


def test_every_metric_of_a_database_that_can_be_measured_is_told_in_its_region(cloud: RealCloud) -> None:
    cloud.make("main")
    with cloud.connect("main"), cloud.connect("main") as connection:
        connection.execute("create table filling as select repeat('x', 1000) from generate_series(1, 20000)")
        advance(cloud, 60)
        assert soon(lambda: newest(cloud, "DatabaseConnections", "main") == 2, 60)
    names = ("FreeStorageSpace", "CPUUtilization")
    assert soon(lambda: all(newest(cloud, name, "main") is not None for name in names), 60)
    assert 19 * GIB < (newest(cloud, "FreeStorageSpace", "main") or 0) < 20 * GIB - 20_000_000
    assert 0 < (newest(cloud, "CPUUtilization", "main") or 0) <= 100
    assert (newest(cloud, "TransactionLogsDiskUsage", "main") or 0) >= 4 * 1024**2
    assert (newest(cloud, "FreeableMemory", "main") or 0) > 0
    assert (newest(cloud, "MaximumUsedTransactionIDs", "main") or 0) > 0
    assert newest(cloud, "CPUUtilization", "main", AWAY) is None
    assert newest(cloud, "ReadLatency", "main") is None


def test_a_database_that_is_stopped_is_not_measured(cloud: RealCloud) -> None:
    cloud.make("main")
    advance(cloud, 60)
    assert soon(lambda: newest(cloud, "DatabaseConnections", "main") is not None, 60)
    cloud.aws.client("rds").stop_db_instance(DBInstanceIdentifier="main")
    assert soon(lambda: describe(cloud.aws, "main")["DBInstanceStatus"] == "stopped", 60)
    cloud.make("other")

    def is_quiet() -> bool:
        """Tell of hours in which the other one was measured; a reading from before may come late."""
        advance(cloud, 7200)
        advance(cloud, 60)
        assert soon(lambda: newest(cloud, "DatabaseConnections", "other") is not None, 60)
        return newest(cloud, "DatabaseConnections", "main") is None

    assert soon(is_quiet, 60)
