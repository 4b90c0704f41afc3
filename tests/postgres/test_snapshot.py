"""Snapshots: what was acknowledged before one is in it, and it lives on without its server."""

from __future__ import annotations

import threading
from pathlib import Path

import psycopg
import pytest

from lifeboat.core.errors import Refused
from lifeboat.postgres.failure import ServerFailed
from localcloud.postgres.backup import Backup
from localcloud.postgres.replica import start_replica
from localcloud.postgres.restore import restore_snapshot
from localcloud.postgres.server import Server
from localcloud.postgres.snapshot import copy_snapshot, take_snapshot
from tests.postgres.backed_up import CLOCK, plain_server
from tests.postgres.databases import Databases, connect
from tests.postgres.writing import History, make_table, rows_in, wait_for, writing
from tests.waiting import soon


@pytest.fixture
def server(databases: Databases) -> Server:
    server = plain_server(databases)
    make_table(server)
    return server


@pytest.fixture
def directory(databases: Databases) -> Path:
    return databases.directory / "snapshot"


def snapshot_amid_writes(server: Server, directory: Path) -> tuple[Backup, History]:
    with writing(server, clients=2) as history:
        wait_for(history, 50)
        snapshot = take_snapshot(server, directory)
        wait_for(history, 50)
    return snapshot, history


@pytest.mark.parametrize("major", [16, 18])
def test_a_snapshot_taken_amid_writes_has_what_was_acknowledged_before_it(
    databases: Databases, directory: Path, major: int
) -> None:
    server = plain_server(databases, major=major)
    make_table(server)
    snapshot, history = snapshot_amid_writes(server, directory)
    server.kill()
    target = databases.server("target", major=major)
    restored = restore_snapshot(snapshot, target)
    facts = snapshot.facts
    assert history.acknowledged(before=facts.began_at) <= rows_in(target) <= history.sent(facts.finished_at)
    assert restored.ended == "reached consistency"
    with connect(target) as client:
        client.execute("insert into history values (0)")


def test_a_snapshot_can_be_restored_again_and_again(
    server: Server, databases: Databases, directory: Path
) -> None:
    snapshot, _ = snapshot_amid_writes(server, directory)
    first, second = databases.server("target-1"), databases.server("target-2")
    restore_snapshot(snapshot, first)
    with connect(first) as client:
        client.execute("truncate history")
    restore_snapshot(snapshot, second)
    assert rows_in(first) == set()
    assert rows_in(second) != set()


def test_a_snapshot_of_a_replica_has_what_the_replica_had(
    server: Server, databases: Databases, directory: Path
) -> None:
    replica = databases.server("replica")
    start_replica(server, replica, slot="replica_1")
    with writing(server) as history:
        wait_for(history, 50)
        assert soon(lambda: len(rows_in(replica)) >= 50)
        had = rows_in(replica)
        snapshot = take_snapshot(replica, directory)
        taken_at = CLOCK.now()
    target = databases.server("target")
    restore_snapshot(snapshot, target)
    assert had <= rows_in(target) <= history.sent(taken_at)


def test_a_server_that_does_not_run_is_not_snapshotted(server: Server, directory: Path) -> None:
    server.stop()
    with pytest.raises(Refused, match="no server runs"):
        take_snapshot(server, directory)
    assert not directory.exists()


def test_a_snapshot_is_never_overwritten_and_a_left_over_one_is(server: Server, directory: Path) -> None:
    directory.mkdir()
    (directory / "data").mkdir()
    (directory / "data" / "left-over").touch()
    snapshot = take_snapshot(server, directory)
    assert not (snapshot.data / "left-over").exists()
    with pytest.raises(Refused, match="complete copy"):
        take_snapshot(server, directory)
    assert Backup.at(directory) == snapshot


def test_a_snapshot_of_a_server_that_dies_meanwhile_is_none(server: Server, directory: Path) -> None:
    def kill_amid_copying() -> None:
        assert soon((directory / "data" / "base").exists)
        server.kill()

    killer = threading.Thread(target=kill_amid_copying)
    killer.start()
    with pytest.raises(psycopg.OperationalError):
        take_snapshot(server, directory)
    killer.join()
    assert not directory.exists()


def test_a_server_with_data_elsewhere_is_not_snapshotted(server: Server, directory: Path) -> None:
    (server.data / "pg_tblspc" / "16384").symlink_to("/tmp")  # noqa: S108  nothing is put there
    with pytest.raises(Refused, match="tablespaces"):
        take_snapshot(server, directory)
    assert not directory.exists()


def test_a_copy_in_another_region_lives_on_alone(
    server: Server, databases: Databases, directory: Path
) -> None:
    snapshot, _ = snapshot_amid_writes(server, directory)
    there = databases.directory / "there"
    copy = copy_snapshot(snapshot, there, server.account)
    with pytest.raises(Refused, match="complete copy"):
        copy_snapshot(snapshot, there, server.account)
    here, elsewhere = databases.server("here"), databases.server("elsewhere")
    restore_snapshot(snapshot, here)
    (directory / "data" / "PG_VERSION").unlink()
    restore_snapshot(copy, elsewhere)
    assert rows_in(here) == rows_in(elsewhere)


def test_a_copy_that_was_cut_off_leaves_nothing(
    server: Server, databases: Databases, directory: Path
) -> None:
    def cut() -> None:
        msg = "the region is cut off"
        raise ConnectionError(msg)

    snapshot = take_snapshot(server, directory)
    there = databases.directory / "there"
    with pytest.raises(ConnectionError):
        copy_snapshot(snapshot, there, server.account, before_each=cut)
    assert not there.exists()


def test_a_snapshot_without_its_log_is_refused(server: Server, databases: Databases, directory: Path) -> None:
    snapshot, _ = snapshot_amid_writes(server, directory)
    for segment in (snapshot.data / "pg_wal").glob("0*"):
        segment.unlink()
    target = databases.server("target")
    with pytest.raises(ServerFailed, match="could not locate required checkpoint"):
        restore_snapshot(snapshot, target)
    assert not target.data.exists()
