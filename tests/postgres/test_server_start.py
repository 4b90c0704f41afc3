"""A server starts, or says why it cannot and leaves nothing running."""

from __future__ import annotations

import socket
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from lifeboat.core.errors import Refused
from lifeboat.postgres.failure import ServerFailed
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.processes import processes_of
from localcloud.postgres.server import Server
from tests.postgres.databases import Databases, connect

_SAFE = {"data_checksums": "on", "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
_FOLLOWED = {"wal_level": "replica", "hot_standby": "on", "max_wal_senders": "10"}


@pytest.mark.parametrize("major", [16, 18])
def test_it_takes_connections_and_ends_without_a_trace(databases: Databases, major: int) -> None:
    """With every process, and with the settings durability and replicas rest on."""
    server = databases.make(major=major)
    server.start()
    assert server.is_ready()
    shown = dict(server.query("select name, setting from pg_settings"))
    assert (_SAFE | _FOLLOWED).items() <= shown.items()
    assert server.query("select current_setting('server_version')") == [(Binaries.of(major).version,)]
    with connect(server) as connection:
        connection.execute("create table kept as select 1 as one")
    server.stop()
    assert (server.is_running, server.is_ready(), server.identity) == (False, False, None)
    assert processes_of(server.data) == ()
    assert not server.directory.pid_file.exists()
    server.start()
    with connect(server) as connection:
        assert connection.execute("select * from kept").fetchall() == [(1,)]


def test_starting_twice_changes_nothing(shared_server: Server) -> None:
    """It is running already."""
    pid = shared_server.pid
    shared_server.start()
    assert shared_server.pid == pid


def test_nobody_else_may_open_the_socket(shared_server: Server) -> None:
    """Whoever could would be the superuser."""
    assert stat.S_IMODE(shared_server.socket_directory.stat().st_mode) == 0o700


def test_data_of_another_version_are_refused(databases: Databases) -> None:
    """Before anything of them is touched."""
    databases.make(major=18)
    with pytest.raises(Refused, match="was made by postgresql 18, not 16"):
        databases.server(major=16).start()


def test_a_directory_without_data_is_refused(databases: Databases) -> None:
    """It is none of a server."""
    (databases.directory / "one").mkdir()
    with pytest.raises(Refused, match="no data directory"):
        databases.server().start()


def test_a_version_that_is_not_there_is_refused_with_those_that_are() -> None:
    """The hint lists them."""
    with pytest.raises(Refused, match="postgresql 99 is not there") as refused:
        Binaries.of(99)
    assert "16, 18" in refused.value.hint
    assert {16, 18} <= set(Binaries.majors())


def test_a_closed_directory_on_the_way_is_named(databases: Databases) -> None:
    """To an account without leave to pass; its own message would be "permission denied"."""
    closed = databases.directory / "closed"
    closed.mkdir()
    made = databases.make("closed/one")
    account = replace(made.account, passes=False)
    closed.chmod(0o600)
    try:
        with pytest.raises(Refused, match=f"{closed} is closed to {account.name}"):
            Server(made.binaries, account, made.data, made.port, made.socket_directory).start()
        with pytest.raises(Refused, match=f"{closed} is closed to"):
            replace(databases.template(16), account=account).copy_to(closed / "two")
    finally:
        closed.chmod(0o755)
    assert not (closed / "two").exists()


def test_a_port_that_is_taken_is_named(databases: Databases) -> None:
    """It may be free the next time."""
    server = databases.make()
    with (
        socket.create_server(("127.0.0.1", server.port)),
        pytest.raises(Refused, match=f"port {server.port} is taken") as refused,
    ):
        server.start()
    assert refused.value.retryable
    server.start()


def test_a_socket_path_that_is_too_long_is_refused(databases: Databases) -> None:
    """PostgreSQL would refuse it, with a message about one of its own settings."""
    one = databases.make()
    deep = databases.directory / ("d" * 60) / ("e" * 40)
    server = Server(one.binaries, one.account, one.data, one.port, deep)
    with pytest.raises(Refused, match="the path of the socket is too long"):
        server.start()


def test_data_that_another_server_serves_are_refused(server: Server, databases: Databases) -> None:
    """Two postmasters on the same data would destroy them."""
    with pytest.raises(Refused, match=f"is served by another server: process {server.pid}"):
        databases.server().start()
    assert server.is_ready()


def test_a_broken_control_file_is_told_and_nothing_runs(databases: Databases) -> None:
    """In PostgreSQL's own words."""
    server = databases.make()
    control = server.data / "global" / "pg_control"
    content = bytearray(control.read_bytes())
    content[40] ^= 0xFF
    control.write_bytes(content)
    with pytest.raises(ServerFailed, match="incorrect checksum in control file"):
        server.start()
    assert (server.is_running, processes_of(server.data)) == (False, ())


def test_a_missing_control_file_is_told_too(databases: Databases) -> None:
    """Where a data directory was copied in part."""
    server = databases.make()
    (server.data / "global" / "pg_control").unlink()
    with pytest.raises(ServerFailed, match=r"did not start: .*pg_control"):
        server.start()
    assert processes_of(server.data) == ()


def test_one_that_is_too_slow_is_ended(databases: Databases) -> None:
    """A start that gave up leaves no server that comes up later."""
    server = databases.make()
    with pytest.raises(ServerFailed, match="was not ready within 0 s"):
        server.start(timeout_s=0)
    assert (server.is_running, processes_of(server.data)) == (False, ())
    server.start()


def test_only_the_reason_of_this_start_is_told(databases: Databases) -> None:
    """Not that of an earlier one, which the log still holds."""
    server = databases.make()
    control = server.data / "global" / "pg_control"
    content = control.read_bytes()
    control.unlink()
    with pytest.raises(ServerFailed):
        server.start()
    control.write_bytes(content)
    server.account.own(control)
    part = Path(server.data / "conf.d" / "99-broken.conf")
    part.write_text("work_mem = 'much'\n")
    with pytest.raises(ServerFailed, match="work_mem"):
        server.start()
