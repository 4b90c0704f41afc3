"""Clients that are slow, silent, old, rude or half gone: each gets the answer of a server, or is let go."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import psycopg
import pytest

from localcloud.postgres.startup_message import Request
from tests.postgres.running_endpoints import REGION, RunningEndpoints, address_of, running_endpoints
from tests.postgres_server import PostgresServer, postgres_server
from tests.waiting import soon

PROTOCOL = 196608
PATIENCE_S = 1.0


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


@pytest.fixture
def endpoints(tmp_path: Path) -> Iterator[RunningEndpoints]:
    with running_endpoints(tmp_path, startup_timeout_s=PATIENCE_S) as running:
        yield running


@pytest.fixture
def port(endpoints: RunningEndpoints, server: PostgresServer) -> int:
    """An endpoint that takes plain text too."""
    return endpoints.do(lambda each: each.open(REGION, "orders", address_of(server), force_ssl=False))


def _packet(code: int, body: bytes = b"") -> bytes:
    return struct.pack("!ii", 8 + len(body), code) + body


STARTUP = _packet(PROTOCOL, b"user\0postgres\0database\0postgres\0\0")


def _dial(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def _all(client: socket.socket) -> bytes:
    said = b""
    while chunk := client.recv(65536):
        said += chunk
    return said


def _until(client: socket.socket, end: bytes) -> bytes:
    said = b""
    while not said.endswith(end):
        chunk = client.recv(65536)
        assert chunk, said
        said += chunk
    return said


READY = b"Z\x00\x00\x00\x05I"


def test_who_does_not_finish_is_let_go_in_time(endpoints: RunningEndpoints, port: int) -> None:
    unfinished = (b"", b"\0\0\0", _packet(Request.SSL)[:7], STARTUP[:-3], b"\x16", b"\x16\x03\x01\x02\x00")
    with ExitStack() as stack:
        clients = [stack.enter_context(_dial(port)) for _ in unfinished]
        for client, words in zip(clients, unfinished, strict=True):
            client.sendall(words)
        assert soon(lambda: _count(endpoints) == len(unfinished))
        assert [_all(client) for client in clients] == [b""] * len(unfinished)
    assert soon(lambda: _count(endpoints) == 0)


def test_who_starts_tls_and_says_no_more_is_let_go_in_time(endpoints: RunningEndpoints, port: int) -> None:
    with _dial(port) as client:
        client.sendall(_packet(Request.SSL))
        assert client.recv(1) == b"S"
        assert _all(client) == b""
    # Cut off, or closed with TLS's own farewell: gone either way.
    with _tls(port) as client, suppress(ConnectionResetError):
        assert client.recv(1) == b""
    assert soon(lambda: _count(endpoints) == 0)


def _tls(port: int, *, alpn: str = "", newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLSocket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = newest
    if alpn:
        context.set_alpn_protocols([alpn])
    client = _dial(port)
    if not alpn:
        client.sendall(_packet(Request.SSL))
        assert client.recv(1) == b"S"
    return context.wrap_socket(client)


@pytest.mark.parametrize(
    "words",
    [b"GET / HTTP/1.1\r\n\r\n", bytes(8), b"\xff" * 8, struct.pack("!ii", 10_001, PROTOCOL)],
    ids=["HTTP", "zeros", "a negative length", "too long"],
)
def test_garbage_is_closed_without_a_word(port: int, words: bytes) -> None:
    with _dial(port) as client:
        client.sendall(words)
        with suppress(ConnectionResetError):
            assert _all(client) == b""


def test_plain_text_smuggled_in_before_tls_is_not_believed(port: int) -> None:
    with _dial(port) as client:
        client.sendall(_packet(Request.SSL) + STARTUP)
        with suppress(ConnectionResetError):
            assert _all(client) == b""


def test_gss_encryption_is_declined_and_the_client_goes_on(port: int) -> None:
    with _dial(port) as client:
        client.sendall(_packet(Request.GSSENC))
        assert client.recv(1) == b"N"
        client.sendall(STARTUP)
        assert _until(client, READY).startswith(b"R")


def test_a_client_may_speak_byte_by_byte(port: int) -> None:
    with _dial(port) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in STARTUP:
            client.sendall(bytes([byte]))
        assert _until(client, READY).startswith(b"R")


def test_a_half_closed_client_still_gets_its_answer(endpoints: RunningEndpoints, port: int) -> None:
    with _dial(port) as client:
        client.sendall(STARTUP)
        _until(client, READY)
        query = b"select repeat('a', 3000000)\0"
        client.sendall(b"Q" + struct.pack("!i", 4 + len(query)) + query)
        client.shutdown(socket.SHUT_WR)
        answer = _all(client)
        assert answer.count(b"a") >= 3_000_000
        assert answer.endswith(READY)
    assert soon(lambda: _count(endpoints) == 0)


def test_tls_before_1_2_is_refused(port: int) -> None:
    with pytest.raises((ssl.SSLError, ConnectionResetError)), pytest.warns(match="TLSv1_1"):
        _tls(port, newest=ssl.TLSVersion.TLSv1_1)
    with closing(_tls(port, newest=ssl.TLSVersion.TLSv1_2)) as client:
        assert client.version() == "TLSv1.2"


def test_direct_tls_is_for_postgresqls_clients_only(port: int) -> None:
    with closing(_tls(port, alpn="postgresql")) as client:
        client.sendall(STARTUP)
        assert client.recv(1) == b"R"
    with closing(_tls(port, alpn="h2")) as client, suppress(ConnectionResetError, ssl.SSLEOFError):
        client.sendall(STARTUP)
        assert client.recv(1) == b""


def test_a_plain_replication_client_is_refused_in_its_own_words(
    endpoints: RunningEndpoints, port: int
) -> None:
    endpoints.do(lambda each: each.require_tls(REGION, "orders", force_ssl=True))
    words = b'no pg_hba.conf entry for replication connection from host "127.0.0.1", user "postgres"'
    with _dial(port) as client:
        client.sendall(_packet(PROTOCOL, b"user\0postgres\0replication\0true\0\0"))
        assert words in _all(client)


def test_the_last_words_of_a_server_reach_the_client(
    endpoints: RunningEndpoints, server: PostgresServer, port: int
) -> None:
    connection = endpoints.connect(port, application_name="doomed")
    with connection, pytest.raises(psycopg.errors.AdminShutdown):
        connection.execute("select pg_terminate_backend(pg_backend_pid())")
    assert _named(server, "doomed") == 0


@pytest.mark.parametrize("is_reset", [True, False], ids=["reset", "closed"])
def test_a_client_that_vanishes_frees_its_server_process(
    endpoints: RunningEndpoints, server: PostgresServer, port: int, *, is_reset: bool
) -> None:
    with _dial(port) as client:
        client.sendall(_packet(PROTOCOL, b"user\0postgres\0application_name\0vanishing\0\0"))
        _until(client, READY)
        assert _named(server, "vanishing") == 1
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", is_reset, 0))
    assert soon(lambda: _named(server, "vanishing") == 0)
    assert soon(lambda: _count(endpoints) == 0)


def _named(server: PostgresServer, name: str) -> int:
    """Return how many server processes serve a client of that name."""
    return sum(row == (name,) for row in server.rows("select application_name from pg_stat_activity"))


def _count(endpoints: RunningEndpoints) -> int:
    return endpoints.do(lambda each: each.connections(REGION, "orders"))
