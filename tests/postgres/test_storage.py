"""Storage that fills up: the server stops, nothing is lost, and more storage brings it back."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import psycopg
import pytest

from tests.localcloud_aws.rds_world import describe
from tests.localcloud_aws.real_cloud import RealCloud, real_cloud
from tests.waiting import soon

_MIB = 1024**2
NOW = {"ApplyImmediately": True}


@pytest.fixture(scope="module")
def shared() -> Iterator[RealCloud]:
    with real_cloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(shared: RealCloud) -> Iterator[RealCloud]:
    """The module's cloud, emptied after the test."""
    yield shared
    httpx.delete(f"{shared.service.url}/_lifeboat/faults", timeout=60)
    shared.aws.admin("POST", "reset")


def fill(cloud: RealCloud, left_bytes: int = 0) -> None:
    """Take up the storage of `main`."""
    body = {"kind": "fill", "region": "us-west-2", "identifier": "main", "left_bytes": left_bytes}
    assert httpx.post(f"{cloud.service.url}/_lifeboat/faults", json=body, timeout=30).status_code == 200


def status(cloud: RealCloud) -> dict[str, object]:
    """Return what the service says of its one instance."""
    (found,) = httpx.get(f"{cloud.service.url}/overview", timeout=30).json()["instances"]
    return dict(found)


def write_until_refused(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Write a megabyte at a time, which no compression makes small."""
    filler = b"(select string_agg(md5(random()::text), '') from generate_series(1, 32768))"
    for _ in range(10_000):
        connection.execute(b"insert into kept values (2, " + filler + b")")


def test_free_storage_and_connections_are_told(cloud: RealCloud) -> None:
    cloud.make("main")
    assert soon(lambda: status(cloud)["free_storage_bytes"] is not None)
    free = status(cloud)["free_storage_bytes"]
    assert isinstance(free, int)
    assert 19 * 1024 * _MIB < free < 20 * 1024 * _MIB
    assert status(cloud)["connections"] == 0
    with cloud.connect("main"):
        assert soon(lambda: status(cloud)["connections"] == 1)
    assert soon(lambda: status(cloud)["connections"] == 0)


def test_what_is_written_fills_it_and_more_storage_brings_it_back(cloud: RealCloud) -> None:
    cloud.make("main")
    with cloud.connect("main") as connection:
        connection.execute("create table kept (id int, filler text)")
        connection.execute("insert into kept values (1, '')")
        fill(cloud, 32 * _MIB)
        with pytest.raises(psycopg.OperationalError):
            write_until_refused(connection)
    assert soon(lambda: cloud.status("main") == "storage-full")
    with pytest.raises(psycopg.OperationalError):
        cloud.connect("main")
    about = {"SourceIdentifier": "main", "SourceType": "db-instance", "EventCategories": ["low storage"]}
    assert len(cloud.aws.client("rds").describe_events(**about)["Events"]) == 1
    assert status(cloud)["free_storage_bytes"] == 0
    cloud.aws.client("rds").modify_db_instance(DBInstanceIdentifier="main", AllocatedStorage=30, **NOW)
    assert soon(lambda: cloud.status("main") == "available", 60)
    assert describe(cloud.aws, "main")["AllocatedStorage"] == 30
    with cloud.connect("main") as connection:
        assert connection.execute("select count(*) from kept where id = 1").fetchall() == [(1,)]
        connection.execute("insert into kept values (0, '')")


def test_a_full_one_stays_down_until_what_fills_it_is_gone(cloud: RealCloud) -> None:
    cloud.make("main")
    fill(cloud)
    assert soon(lambda: cloud.status("main") == "storage-full")
    cloud.aws.client("rds").modify_db_instance(DBInstanceIdentifier="main", BackupRetentionPeriod=3, **NOW)
    assert soon(lambda: cloud.status("main") == "storage-full", 60)
    httpx.delete(f"{cloud.service.url}/_lifeboat/faults", timeout=60)
    assert soon(lambda: cloud.status("main") == "available", 60)
    with cloud.connect("main") as connection:
        connection.execute("create table written ()")
