"""What a network does wrong becomes a typed error, and a create is repeated only when nothing was sent."""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx
import pytest

from lifeboat.core.clock import SystemClock
from lifeboat.core.secret import Secret
from lifeboat.fly.client import FlySettings, errors
from lifeboat.fly.client.broken_transport import RAISED, translate
from lifeboat.fly.client.errors import FlyError, Origin
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.operation import Operation, Pace, Safety
from tests.fly_client.loopback import Loopback, answer
from tests.fly_client.scripted_fly import CANARY

READ = Operation(name="t.read", method="GET", path="/v1/x", safety=Safety.READ, pace=Pace.NONE)
CREATE = Operation(name="t.create", method="POST", path="/v1/x", safety=Safety.CREATE, pace=Pace.NONE)


def http_to(url: str) -> Http:
    """Return a door to a server, whose waits between attempts are next to nothing."""
    settings = FlySettings(flaps_url=url, api_url=url, uiex_url=url, token=Secret(CANARY))
    return Http(settings, clock=SystemClock(), jitter=lambda: 0.01)


def drop(connection: socket.socket, _number: int) -> None:
    """End the connection without a word."""
    connection.shutdown(socket.SHUT_RDWR)


def hang(connection: socket.socket, _number: int) -> None:
    """Say nothing until the other side leaves."""
    connection.recv(1)


def cut(connection: socket.socket, _number: int) -> None:
    """Promise more than is sent."""
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a":')


def drip(connection: socket.socket, _number: int) -> None:
    """Send an answer that never ends, a byte at a time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        connection.sendall(b" ")
        SystemClock().sleep(0.05)


def noise(connection: socket.socket, _number: int) -> None:
    """Speak no HTTP."""
    connection.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")


@pytest.mark.parametrize("talk", [drop, hang, cut, drip, noise])
def test_a_create_that_was_sent_and_not_answered_is_sent_once(
    talk: Callable[[socket.socket, int], None],
) -> None:
    with Loopback(talk) as server, pytest.raises(errors.NoAnswer) as caught:
        http_to(server.url).call(CREATE, body={"a": 1}, timeout_s=0.3)

    assert len(server.requests) == 1
    assert CANARY not in str(caught.value)


def test_a_read_survives_dropped_connections() -> None:
    def talk(connection: socket.socket, number: int) -> None:
        if number >= 2:
            connection.sendall(answer(b'{"a": 1}'))

    with Loopback(talk) as server:
        assert http_to(server.url).call(READ).body == {"a": 1}
        assert len(server.requests) == 3


def test_a_server_that_is_not_there_was_surely_not_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"

    with pytest.raises(errors.NotReached):
        http_to(url).call(CREATE, body={})


def test_a_body_without_end_is_given_up() -> None:
    def talk(connection: socket.socket, _number: int) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        piece = b"%x\r\n%s\r\n" % (1 << 20, b" " * (1 << 20))
        while True:
            connection.sendall(piece)

    with Loopback(talk) as server, pytest.raises(errors.ProtocolError, match="larger than"):
        http_to(server.url).call(READ)


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 200_000, b"NaN5"])
def test_a_malformed_body_is_a_protocol_error(body: bytes) -> None:
    with (
        Loopback(lambda connection, _: connection.sendall(answer(body))) as server,
        pytest.raises(errors.ProtocolError),
    ):
        http_to(server.url).call(READ)


def test_a_broken_encoding_is_a_protocol_error() -> None:
    raw = answer(b"not gzip", extra="Content-Encoding: gzip\r\n")
    with (
        Loopback(lambda connection, _: connection.sendall(raw)) as server,
        pytest.raises(errors.ProtocolError),
    ):
        http_to(server.url).call(READ)


def test_a_redirect_is_never_followed() -> None:
    raw = answer(b"", "302 Found", "Location: http://127.0.0.1:9/\r\n")
    with (
        Loopback(lambda connection, _: connection.sendall(raw)) as server,
        pytest.raises(errors.ProtocolError),
    ):
        http_to(server.url).call(READ)
    assert len(server.requests) == 1


def _tree(kind: type[Exception]) -> list[type[Exception]]:
    return [kind] + [leaf for child in kind.__subclasses__() for leaf in _tree(child)]


ALL_KINDS: list[type[Exception]] = sorted({kind for root in RAISED for kind in _tree(root)}, key=str)
NEVER_SENT = {
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
}


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_everything_the_http_library_raises_is_translated(kind: type[Exception]) -> None:
    """Built without its constructor: some need a request, and none of its words may be used."""
    error = kind.__new__(kind, f"header {CANARY}")

    found = translate(error, "it", Origin(operation="t.read"))

    assert isinstance(found, FlyError)
    assert isinstance(found, errors.NotReached) == (kind in NEVER_SENT)
    assert CANARY not in str(found)


def test_everything_the_http_library_can_raise_is_in_the_tree() -> None:
    kinds = {kind for kind in vars(httpx).values() if isinstance(kind, type) and issubclass(kind, Exception)}

    assert kinds <= {leaf for root in RAISED for leaf in _tree(root)}
