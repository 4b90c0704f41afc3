"""Multi-AZ databases: a failover, asked for or not, loses no acknowledged write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from botocore.exceptions import ClientError

from tests.localcloud_aws.behind import forget_faults, has_standby, kill_standby, servers_of, strike
from tests.localcloud_aws.rds_world import AWAY, HOME, describe
from tests.localcloud_aws.real_cloud import RealCloud, real_cloud
from tests.localcloud_aws.steady_writer import SteadyWriter
from tests.waiting import soon

NOW = {"ApplyImmediately": True}


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


def rows(cloud: RealCloud, name: str, region: str = HOME) -> set[int]:
    """Return the rows of the writer's table."""
    with cloud.connect(name, region) as connection:
        return {row[0] for row in connection.execute("select id from written").fetchall()}


def events(cloud: RealCloud, name: str) -> list[str]:
    """Return what is told of a database."""
    found = cloud.aws.client("rds").describe_events(SourceIdentifier=name, SourceType="db-instance")
    return [str(event["Message"]) for event in found["Events"]]


def zones(found: dict[str, Any]) -> tuple[str, str]:
    """Return a database's zones, the serving one first."""
    return str(found["AvailabilityZone"]), str(found["SecondaryAvailabilityZone"])


def fail_over(cloud: RealCloud) -> None:
    cloud.aws.client("rds").reboot_db_instance(DBInstanceIdentifier="main", ForceFailover=True)


def crash(cloud: RealCloud) -> None:
    strike(cloud, "crash", "main")


@pytest.mark.parametrize("end", [fail_over, crash])
def test_a_failover_loses_no_acknowledged_write_and_a_new_standby_is_made(
    cloud: RealCloud, end: Callable[[RealCloud], None]
) -> None:
    before = cloud.make("main", MultiAZ=True)
    serving, standby = zones(before)
    assert serving != standby
    with SteadyWriter(lambda: cloud.connect("main")) as writer:
        assert writer.wait_for(30)
        end(cloud)
        assert soon(lambda: writer.interruptions > 0, 60)
        assert soon(lambda: zones(describe(cloud.aws, "main")) == (standby, serving), 60)
        assert writer.wait_for(30)
        assert soon(lambda: has_standby(cloud, before["DbiResourceId"]), 60)
    assert writer.acknowledged <= rows(cloud, "main") <= writer.sent
    assert cloud.available("main")["Endpoint"] == before["Endpoint"]
    assert events(cloud, "main").count("Multi-AZ instance failover completed") == 1


def test_a_failover_of_a_single_zone_is_refused(cloud: RealCloud) -> None:
    found = cloud.make("main")
    assert not found["MultiAZ"]
    assert "SecondaryAvailabilityZone" not in found
    with pytest.raises(ClientError, match=r"InvalidParameterCombination.*not configured for Multi-AZ"):
        fail_over(cloud)


def test_multi_az_is_switched_on_and_off(cloud: RealCloud) -> None:
    resource_id = cloud.make("main")["DbiResourceId"]
    assert servers_of(cloud, resource_id) == 1
    rds = cloud.aws.client("rds")
    rds.modify_db_instance(DBInstanceIdentifier="main", MultiAZ=True, **NOW)
    assert cloud.available("main")["MultiAZ"]
    assert servers_of(cloud, resource_id) == 2
    with SteadyWriter(lambda: cloud.connect("main")) as writer:
        assert writer.wait_for(10)
        fail_over(cloud)
        assert soon(lambda: writer.interruptions > 0, 60)
    cloud.available("main")
    rds.modify_db_instance(DBInstanceIdentifier="main", MultiAZ=False, **NOW)
    assert "SecondaryAvailabilityZone" not in cloud.available("main")
    assert servers_of(cloud, resource_id) == 1
    assert writer.acknowledged <= rows(cloud, "main")
    with cloud.connect("main") as connection:
        connection.execute("insert into written values (0)")


def test_replicas_and_backups_go_on_over_a_failover(cloud: RealCloud) -> None:
    arn = cloud.make("main", MultiAZ=True)["DBInstanceArn"]
    away = cloud.aws.client("rds", AWAY)
    away.create_db_instance_read_replica(DBInstanceIdentifier="copy", SourceDBInstanceIdentifier=arn)
    cloud.available("copy", AWAY)
    assert soon(lambda: cloud.restore_window("main") != {}, 60), cloud.service.health()
    with SteadyWriter(lambda: cloud.connect("main")) as writer:
        assert writer.wait_for(20)
        fail_over(cloud)
        assert soon(lambda: writer.interruptions > 0, 60)
        assert writer.wait_for(20)
    assert soon(lambda: rows(cloud, "copy", AWAY) == rows(cloud, "main"), 60)
    cloud.restorable_to("main", writer.last_at)
    cloud.aws.client("rds").restore_db_instance_to_point_in_time(
        SourceDBInstanceIdentifier="main", TargetDBInstanceIdentifier="back", RestoreTime=writer.last_at
    )
    cloud.available("back")
    assert writer.acknowledged <= rows(cloud, "back") <= writer.sent


def test_a_pair_survives_a_kill_of_the_service_and_leaves_nothing_behind(cloud: RealCloud) -> None:
    resource_id = cloud.make("main", MultiAZ=True)["DbiResourceId"]
    with SteadyWriter(lambda: cloud.connect("main")) as writer:
        assert writer.wait_for(10)
    cloud.service.kill()
    cloud.service.start()
    cloud.available("main")
    assert soon(lambda: has_standby(cloud, resource_id), 60)
    fail_over(cloud)
    cloud.available("main")
    assert writer.acknowledged <= rows(cloud, "main")
    cloud.aws.client("rds").delete_db_instance(DBInstanceIdentifier="main", SkipFinalSnapshot=True)
    assert soon(lambda: servers_of(cloud, resource_id) == 0, 60)


def test_without_its_standby_a_primary_goes_on_alone_and_gets_a_new_one(cloud: RealCloud) -> None:
    resource_id = cloud.make("main", MultiAZ=True)["DbiResourceId"]
    with SteadyWriter(lambda: cloud.connect("main")) as writer:
        assert writer.wait_for(10)
        kill_standby(cloud, resource_id)
        assert writer.wait_for(20)
        assert soon(lambda: has_standby(cloud, resource_id), 60)
        assert writer.interruptions == 0
    fail_over(cloud)
    cloud.available("main")
    assert writer.acknowledged <= rows(cloud, "main")


def test_a_write_waits_until_both_have_it(cloud: RealCloud) -> None:
    cloud.make("main", MultiAZ=True)
    with cloud.connect("main") as connection:
        names = connection.execute("show synchronous_standby_names").fetchone()
    assert names == ('"lifeboat_standby"',)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), cloud.connect("main") as connection:
        connection.execute("select pg_promote()")
