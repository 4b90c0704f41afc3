"""A server ends in every way a server can, and what it acknowledged is there when it starts again."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from lifeboat.core.clock import SystemClock
from localcloud.postgres.processes import processes_of
from localcloud.postgres.server import Server, StopMode
from tests.postgres.databases import Databases, connect
from tests.postgres.writing import make_table, rows_in, wait_for, writing
from tests.waiting import soon

_CLOCK = SystemClock()


@pytest.fixture
def bystander(server: Server) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the same account that works in the data directory and is no server."""
    log = server.data.parent / "bystander.log"
    process = server.account.start(["sleep", "60"], server.data, log)
    yield process
    process.kill()
    process.wait()


def test_killed_whole_it_keeps_what_it_acknowledged(server: Server) -> None:
    """Every write a client was told of is there, and of the others at most one per client."""
    make_table(server)
    with writing(server, clients=2, pause_s=0) as history:
        wait_for(history, 50)
        server.kill()
        assert (server.is_running, processes_of(server.data)) == (False, ())
    server.start()
    found = rows_in(server)
    assert history.acknowledged() <= found
    assert len(found) <= len(history.acknowledged()) + 2


def test_killed_again_and_again_it_keeps_what_it_acknowledged(databases: Databases) -> None:
    """Also when it is killed while it recovers or has just come up."""
    server = databases.make()
    acknowledged: set[int] = set()
    for _ in range(4):
        server.start()
        with connect(server) as connection:
            connection.execute("create table if not exists kept (id serial primary key)")
            for _ in range(20):
                row = connection.execute("insert into kept default values returning id").fetchone()
                assert row is not None
                acknowledged.add(int(str(row[0])))
            server.kill()
    server.start()
    with connect(server) as connection:
        assert acknowledged == {row[0] for row in connection.execute("select id from kept")}


def test_children_of_a_killed_postmaster_write_on_until_a_start_ends_them(server: Server) -> None:
    """A dead postmaster is no fence: what its children commit meanwhile counts, and is kept."""
    with connect(server) as busy:
        busy.execute("create table late (at timestamptz)")
        thread = threading.Thread(target=_write_on, args=(busy,))
        thread.start()
        assert soon(
            lambda: server.query("select count(*) from pg_stat_activity where query like 'do%'") == [(1,)]
        )
        server.kill(postmaster_only=True)
        killed_at = _CLOCK.now()
        _CLOCK.sleep(0.3)
        assert not server.is_running
        assert not server.is_ready()
        assert busy.info.backend_pid in {process.pid for process in processes_of(server.data)}
        server.start()
        thread.join(10)
        assert busy.broken
    with connect(server) as connection:
        (late,) = connection.execute("select count(*) from late where at > %s", (killed_at,)).fetchall()
    assert late > (0,)


def test_a_fast_stop_does_not_wait_for_clients(server: Server) -> None:
    """They are told, and disconnected."""
    with connect(server) as connection:
        connection.execute("begin")
        connection.execute("create table never (id int)")
        server.stop()
        with pytest.raises(psycopg.OperationalError, match="administrator command"):
            connection.execute("select 1")
    assert "database system is shut down" in server.log.tail(10_000).decode()


def test_an_immediate_stop_is_a_crash_that_recovers(server: Server) -> None:
    """No checkpoint is made; the log has it all."""
    with connect(server) as connection:
        connection.execute("create table kept as select 1 as one")
        server.stop(StopMode.IMMEDIATE)
    assert "shutting down" not in server.log.tail(10_000).decode()
    server.start()
    with connect(server) as connection:
        assert connection.execute("select * from kept").fetchall() == [(1,)]
    assert "automatic recovery in progress" in server.log.tail(20_000).decode()


def test_a_frozen_server_answers_nobody_until_it_thaws(server: Server) -> None:
    """Connections are not refused; nothing comes back."""
    server.freeze()
    assert server.is_running
    assert not server.is_ready()
    server.thaw()
    assert server.is_ready()


def test_one_that_does_not_end_in_time_is_killed(server: Server) -> None:
    """A stop always ends; what was acknowledged is there."""
    with connect(server) as connection:
        connection.execute("create table kept as select 1 as one")
    server.freeze()
    server.stop(timeout_s=0.2)
    assert processes_of(server.data) == ()
    server.start()
    with connect(server) as connection:
        assert connection.execute("select * from kept").fetchall() == [(1,)]


def test_a_pid_file_of_a_killed_server_is_not_believed(
    server: Server, bystander: subprocess.Popen[bytes]
) -> None:
    """Its number may be another process's by now; that one is left alone."""
    server.kill()
    lines = server.directory.pid_file.read_text().splitlines()
    lock = server.socket_directory / f".s.PGSQL.{server.port}.lock"
    for path in (server.directory.pid_file, lock):
        path.write_text("\n".join([str(bystander.pid), *lines[1:]]) + "\n")
        server.account.own(path)
    server.start()
    assert server.is_ready()
    assert bystander.poll() is None


def test_only_servers_of_the_directory_are_ended(
    server: Server, bystander: subprocess.Popen[bytes], databases: Databases
) -> None:
    """Neither another server of the same programs, nor a program that works in the same place."""
    other = databases.make("other")
    other.start()
    server.kill()
    assert (bystander.poll(), other.is_ready()) == (None, True)


def test_what_an_earlier_run_left_is_told_apart_and_ended(server: Server, databases: Databases) -> None:
    """By an identity that no later process can have, or by the directory it works in."""
    identity = server.identity
    assert identity is not None
    assert identity.is_alive()
    # A later run knows the directory only.
    databases.server().kill()
    assert processes_of(server.data) == ()
    assert not identity.is_alive()
    server.start()
    assert server.identity != identity


def test_a_server_that_ends_by_itself_is_seen(server: Server) -> None:
    """Nobody asked for it."""
    postmaster = server.identity
    assert postmaster is not None
    postmaster.signal(signal.SIGQUIT)
    assert soon(lambda: not server.is_running)
    assert (server.pid, server.is_ready()) == (None, False)


def test_a_killed_session_makes_it_start_over_by_itself(server: Server) -> None:
    """As PostgreSQL does for any child that crashes."""
    with connect(server) as connection:
        connection.execute("create table kept as select 1 as one")
        victim = connection.info.backend_pid
        os.kill(victim, signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")
    assert soon(server.is_ready)
    with connect(server) as connection:
        assert connection.execute("select * from kept").fetchall() == [(1,)]


def test_a_killed_server_leaves_nothing_outside_its_directory(server: Server) -> None:
    """Shared memory would stay, and add up over a day of drills."""
    paths = {entry.path for process in processes_of(server.data) for entry in process.memory_maps()}
    segments = [path for path in paths if path.startswith("/SYSV")]
    assert len(segments) == 1
    assert not [path for path in paths if "shm" in path and not path.startswith(str(server.data))]
    server.kill()
    key = str(int(segments[0].removeprefix("/SYSV").removesuffix(" (deleted)"), 16))
    table = Path("/proc/sysvipc/shm").read_text().splitlines()
    assert key not in {line.split()[0] for line in table}


def _write_on(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Commit rows without ever waiting for anything, until the server goes away."""
    loop = "do $$ begin loop insert into late values (clock_timestamp()); commit; end loop; end $$"
    with contextlib.suppress(psycopg.OperationalError):
        connection.execute(loop)
