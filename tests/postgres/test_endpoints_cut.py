"""A cut meets new and existing connections as declared; nothing of it is left when traffic is restored."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from localcloud.postgres.cut import Cut, ExistingConnections, NewConnections
from localcloud.postgres.startup_message import Request
from tests.postgres.running_endpoints import REGION, RunningEndpoints, address_of, running_endpoints
from tests.postgres_server import PostgresServer, postgres_server
from tests.waiting import soon

SSL_REQUEST = (8).to_bytes(4, "big") + Request.SSL.to_bytes(4, "big")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


@pytest.fixture
def endpoints(tmp_path: Path) -> Iterator[RunningEndpoints]:
    with running_endpoints(tmp_path) as running:
        yield running


@pytest.fixture
def port(endpoints: RunningEndpoints, server: PostgresServer) -> int:
    return _open(endpoints, "orders", server)


def _open(endpoints: RunningEndpoints, identifier: str, server: PostgresServer, region: str = REGION) -> int:
    return endpoints.do(lambda each: each.open(region, identifier, address_of(server), force_ssl=False))


def _cut(endpoints: RunningEndpoints, identifier: str | None = None, **manners: str) -> None:
    cut = Cut(
        new=NewConnections(manners.get("new", "hang")),
        existing=ExistingConnections(manners.get("existing", "silent")),
    )
    endpoints.do(lambda each: each.cut(REGION, identifier, cut=cut))


def _restore(endpoints: RunningEndpoints, identifier: str | None = None) -> None:
    endpoints.do(lambda each: each.restore_traffic(REGION, identifier))


def _assert_hangs(endpoints: RunningEndpoints, port: int) -> None:
    with pytest.raises(psycopg.errors.ConnectionTimeout):
        endpoints.connect(port, connect_timeout="2")


def _assert_answers(endpoints: RunningEndpoints, port: int) -> None:
    with endpoints.connect(port) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def _hears(connection: psycopg.Connection, within_s: float) -> bool:
    """Tell whether anything at all, an end included, arrives."""
    with socket.socket(fileno=socket.dup(connection.fileno())) as peer:
        peer.settimeout(within_s)
        try:
            peer.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            return False
        except ConnectionResetError:
            return True
        return True


@pytest.mark.parametrize("sslmode", ["verify-full", "disable"])
def test_a_silent_cut_hides_everything_and_a_restore_lets_it_go_on(
    endpoints: RunningEndpoints, port: int, sslmode: str
) -> None:
    with endpoints.connect(port, sslmode=sslmode) as connection, ThreadPoolExecutor() as pool:
        _cut(endpoints)
        answer = pool.submit(connection.execute, "select 1")
        assert not _hears(connection, 0.5)
        _restore(endpoints)
        assert answer.result(5).fetchone() == (1,)


def test_a_silent_cut_hides_the_death_of_the_server_until_traffic_is_restored(
    endpoints: RunningEndpoints, server: PostgresServer, port: int
) -> None:
    with endpoints.connect(port) as connection:
        _cut(endpoints)
        server.rows("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")
        endpoints.do(lambda each: each.retarget(REGION, "orders", address_of(server)))
        assert not _hears(connection, 0.5)
        _restore(endpoints)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")
    _assert_answers(endpoints, port)


def test_a_client_that_was_still_entering_is_hidden_from_too(endpoints: RunningEndpoints, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=0.5) as client:
        assert soon(lambda: _count(endpoints) == 1)
        _cut(endpoints)
        client.sendall(SSL_REQUEST)
        with pytest.raises(TimeoutError):
            client.recv(1)
        _restore(endpoints)
        with pytest.raises(ConnectionResetError):
            client.recv(1)


def test_new_connections_hang_until_traffic_is_restored(endpoints: RunningEndpoints, port: int) -> None:
    _cut(endpoints)
    _assert_hangs(endpoints, port)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as patient:
        patient.sendall(SSL_REQUEST)
        _restore(endpoints)
        assert patient.recv(1) == b"S"
    _assert_answers(endpoints, port)


def test_new_connections_are_refused_where_that_is_declared(endpoints: RunningEndpoints, port: int) -> None:
    _cut(endpoints, new="refuse")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    _restore(endpoints)
    _assert_answers(endpoints, port)


def test_existing_connections_are_reset_where_that_is_declared(
    endpoints: RunningEndpoints, port: int
) -> None:
    connection = endpoints.connect(port)
    entering = socket.create_connection(("127.0.0.1", port), timeout=5)
    assert soon(lambda: _count(endpoints) == 2)
    _cut(endpoints, existing="reset")
    with connection, pytest.raises(psycopg.OperationalError):
        connection.execute("select 1")
    with entering, pytest.raises(ConnectionResetError):
        entering.recv(1)
    assert soon(lambda: _count(endpoints) == 0)


def test_existing_connections_go_on_where_that_is_declared(endpoints: RunningEndpoints, port: int) -> None:
    with endpoints.connect(port) as connection:
        _cut(endpoints, "orders", existing="keep")
        assert connection.execute("select 1").fetchone() == (1,)
    _assert_hangs(endpoints, port)


def test_a_region_is_cut_with_what_opens_in_it_and_no_other_region(
    endpoints: RunningEndpoints, server: PostgresServer, port: int
) -> None:
    elsewhere = _open(endpoints, "orders", server, "us-east-2")
    _cut(endpoints, new="refuse")
    opened = _open(endpoints, "invoices", server)
    for each in (port, opened):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", each), timeout=5)
    _assert_answers(endpoints, elsewhere)
    _restore(endpoints)
    _assert_answers(endpoints, opened)


def test_an_endpoint_cut_by_itself_stays_cut_when_its_region_is_back(
    endpoints: RunningEndpoints, server: PostgresServer, port: int
) -> None:
    neighbour = _open(endpoints, "invoices", server)
    _cut(endpoints, "orders", new="refuse", existing="reset")
    _cut(endpoints)
    _assert_hangs(endpoints, port)
    _restore(endpoints)
    _assert_answers(endpoints, neighbour)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    _restore(endpoints, "orders")
    _assert_answers(endpoints, port)


def test_silence_that_becomes_a_reset_is_told_at_once(endpoints: RunningEndpoints, port: int) -> None:
    with endpoints.connect(port) as connection:
        _cut(endpoints)
        assert not _hears(connection, 0.3)
        _cut(endpoints, existing="reset")
        assert _hears(connection, 5)


def _count(endpoints: RunningEndpoints) -> int:
    return endpoints.do(lambda each: each.connections(REGION, "orders"))
