"""Ports belong to identifiers, and traffic follows them: over rename, promotion, a stop and a restart."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from lifeboat.core.errors import Refused
from localcloud.port_range import FIRST, LAST, ports_of
from localcloud.supervisor.ports import can_listen
from tests.postgres.running_endpoints import REGION, RunningEndpoints, address_of, running_endpoints
from tests.postgres_server import PostgresServer, postgres_server


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[PostgresServer, PostgresServer]]:
    with postgres_server() as one, postgres_server() as other:
        yield one, other


@pytest.fixture
def one(servers: tuple[PostgresServer, PostgresServer]) -> PostgresServer:
    return servers[0]


@pytest.fixture
def other(servers: tuple[PostgresServer, PostgresServer]) -> PostgresServer:
    return servers[1]


@pytest.fixture
def endpoints(tmp_path: Path) -> Iterator[RunningEndpoints]:
    with running_endpoints(tmp_path) as running:
        yield running


def _open(endpoints: RunningEndpoints, identifier: str, server: PostgresServer | None) -> int:
    target = address_of(server) if server else None
    return endpoints.do(lambda each: each.open(REGION, identifier, target, force_ssl=True))


def _server_behind(endpoints: RunningEndpoints, port: int) -> int:
    """Return the private port of the server that answers on a port."""
    with endpoints.connect(port) as connection:
        row = connection.execute("select current_setting('port')::int").fetchone()
    assert row is not None
    return int(row[0])


def _assert_dropped(connection: psycopg.Connection) -> None:
    with connection, pytest.raises(psycopg.OperationalError):
        connection.execute("select 1")


def _assert_refused(port: int) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_an_identifier_has_its_port_again_after_a_restart(one: PostgresServer, tmp_path: Path) -> None:
    with running_endpoints(tmp_path) as before:
        port = _open(before, "orders", one)
        elsewhere = before.do(lambda each: each.open("us-east-2", "orders", address_of(one), force_ssl=True))
        state = before.do(lambda each: each.state())
    assert FIRST <= port <= LAST
    assert state == {REGION: {"orders": port}, "us-east-2": {"orders": elsewhere}}
    _assert_refused(port)
    other = next(each for each in ports_of(str(tmp_path)) if each != port and can_listen(each))
    with running_endpoints(tmp_path, known={REGION: {"orders": other}}) as after:
        assert _open(after, "orders", one) == other
    with running_endpoints(tmp_path, known=state) as after:
        assert _open(after, "orders", one) == port
        assert _server_behind(after, port) == one.port


def test_a_taken_port_is_replaced_and_said(
    one: PostgresServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as squatter:
        taken = squatter.getsockname()[1]
        with running_endpoints(tmp_path, known={REGION: {"orders": taken}}) as endpoints:
            port = _open(endpoints, "orders", one)
            assert port != taken
            assert _server_behind(endpoints, port) == one.port
            assert endpoints.do(lambda each: each.state()) == {REGION: {"orders": port}}
    assert f"port {taken} of database orders in {REGION} is taken" in caplog.text
    assert f"now port {port}" in caplog.text


def test_a_rename_moves_traffic_to_the_other_port_and_drops_connections(
    endpoints: RunningEndpoints, one: PostgresServer
) -> None:
    port = _open(endpoints, "orders", one)
    connection = endpoints.connect(port)
    renamed = endpoints.do(lambda each: each.rename(REGION, "orders", "orders-old"))
    _assert_dropped(connection)
    _assert_refused(port)
    assert renamed != port
    assert _server_behind(endpoints, renamed) == one.port
    with endpoints.connect(renamed, host=f"orders-old.{REGION}.rds.local", hostaddr="127.0.0.1") as named:
        assert named.execute("select 1").fetchone() == (1,)


def test_a_swap_by_two_renames_puts_the_restored_server_behind_the_old_port(
    endpoints: RunningEndpoints, one: PostgresServer, other: PostgresServer
) -> None:
    port = _open(endpoints, "orders", one)
    _open(endpoints, "orders-restored", other)
    endpoints.do(lambda each: each.rename(REGION, "orders", "orders-old"))
    assert endpoints.do(lambda each: each.rename(REGION, "orders-restored", "orders")) == port
    assert _server_behind(endpoints, port) == other.port


def test_a_rename_onto_an_open_identifier_changes_nothing(
    endpoints: RunningEndpoints, one: PostgresServer, other: PostgresServer
) -> None:
    port, second = _open(endpoints, "orders", one), _open(endpoints, "invoices", other)
    with endpoints.connect(port) as connection:
        with pytest.raises(Refused, match="invoices"):
            endpoints.do(lambda each: each.rename(REGION, "orders", "invoices"))
        assert connection.execute("select 1").fetchone() == (1,)
    assert _server_behind(endpoints, second) == other.port


def test_a_failover_keeps_the_port_and_drops_connections(
    endpoints: RunningEndpoints, one: PostgresServer, other: PostgresServer
) -> None:
    port = _open(endpoints, "orders", one)
    connection = endpoints.connect(port)
    endpoints.do(lambda each: each.retarget(REGION, "orders", address_of(other)))
    _assert_dropped(connection)
    assert _server_behind(endpoints, port) == other.port
    assert endpoints.do(lambda each: each.port(REGION, "orders")) == port


def test_a_stopped_database_refuses_connections_and_keeps_its_port(
    endpoints: RunningEndpoints, one: PostgresServer
) -> None:
    port = _open(endpoints, "orders", None)
    _assert_refused(port)
    endpoints.do(lambda each: each.retarget(REGION, "orders", address_of(one)))
    connection = endpoints.connect(port)
    endpoints.do(lambda each: each.retarget(REGION, "orders", None))
    _assert_dropped(connection)
    _assert_refused(port)


def test_connections_can_be_dropped_alone(endpoints: RunningEndpoints, one: PostgresServer) -> None:
    port = _open(endpoints, "orders", one)
    connection = endpoints.connect(port)
    endpoints.do(lambda each: each.drop_connections(REGION, "orders"))
    _assert_dropped(connection)
    assert _server_behind(endpoints, port) == one.port


def test_a_deleted_identifier_gets_its_port_again_when_it_is_made_again(
    endpoints: RunningEndpoints, one: PostgresServer
) -> None:
    port = _open(endpoints, "orders", one)
    connection = endpoints.connect(port)
    endpoints.do(lambda each: each.close(REGION, "orders"))
    _assert_dropped(connection)
    _assert_refused(port)
    assert _open(endpoints, "orders", one) == port


def test_what_is_not_open_and_what_is_open_already_is_refused(
    endpoints: RunningEndpoints, one: PostgresServer
) -> None:
    with pytest.raises(Refused, match="orders in us-west-1 has no open endpoint"):
        endpoints.do(lambda each: each.retarget(REGION, "orders", None))
    _open(endpoints, "orders", one)
    with pytest.raises(Refused, match="has an open endpoint already"):
        _open(endpoints, "orders", one)
