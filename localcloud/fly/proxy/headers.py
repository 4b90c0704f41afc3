"""What headers gain and lose on their way through the edge. Pure.

Sources: docs `networking/request-headers`; RFC 9110 section 7.6.1 for what belongs to one connection only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

Headers = list[tuple[bytes, bytes]]

_OF_ONE_CONNECTION = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection",
     b"te", b"trailer", b"transfer-encoding", b"upgrade"}
)  # fmt: skip
# The edge has answered `expect` itself; the others are its own to say.
_REPLACED = frozenset(
    {b"expect", b"host", b"fly-client-ip", b"fly-region", b"fly-forwarded-port", b"fly-forwarded-proto",
     b"fly-forwarded-ssl", b"fly-request-id", b"fly-replay-src", b"x-forwarded-port", b"x-forwarded-proto",
     b"x-forwarded-ssl", b"x-request-start"}
)  # fmt: skip
_VIA = b"1.1 fly.io"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """What the edge knows about a request: who asks, where and when it came in."""

    request_id: str
    client_ip: str
    edge_region: str
    host: bytes
    scheme: str
    port: int
    at: datetime
    replay_source: str = ""


def to_machine(headers: Iterable[tuple[bytes, bytes]], hop: Hop) -> Headers:
    """Return a request's headers as the machine gets them; names lower-case.

    A body of unknown length stays one: `transfer-encoding` is said anew for the next connection.
    """
    given = list(headers)
    names = {name for name, _ in given}
    kept = [(name, value) for name, value in _of_the_message(given) if name not in _REPLACED | _LISTS]
    if b"transfer-encoding" in names and b"content-length" not in names:
        kept.append((b"transfer-encoding", b"chunked"))
    return [(b"host", hop.host), *kept, *_said_by_the_edge(given, hop)]


def to_client(headers: Iterable[tuple[bytes, bytes]], request_id: str) -> Headers:
    """Return an answer's headers as the client gets them."""
    kept = [(name, value) for name, value in _of_the_message(headers) if name != b"fly-request-id"]
    return [*kept, (b"via", _VIA), (b"fly-request-id", request_id.encode())]


_LISTS = frozenset({b"x-forwarded-for", b"via"})


def _said_by_the_edge(given: Headers, hop: Hop) -> Headers:
    client, port, scheme = hop.client_ip.encode(), str(hop.port).encode(), hop.scheme.encode()
    said = [
        (b"fly-client-ip", client),
        (b"fly-region", hop.edge_region.encode()),
        (b"fly-forwarded-port", port),
        (b"fly-forwarded-proto", scheme),
        (b"fly-request-id", hop.request_id.encode()),
        (b"x-forwarded-for", _appended(given, b"x-forwarded-for", client)),
        (b"x-forwarded-port", port),
        (b"x-forwarded-proto", scheme),
        (b"x-forwarded-ssl", b"on" if hop.scheme == "https" else b"off"),
        (b"x-request-start", f"t={int(hop.at.timestamp() * 1_000_000)}".encode()),
        (b"via", _appended(given, b"via", _VIA)),
    ]
    if hop.replay_source:
        said.append((b"fly-replay-src", hop.replay_source.encode()))
    return said


def _of_the_message(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Leave out what belongs to one connection, by its nature or because `connection` names it."""
    lowered = [(name.lower(), value) for name, value in headers]
    named = {
        one.strip().lower() for name, value in lowered if name == b"connection" for one in value.split(b",")
    }
    return [(name, value) for name, value in lowered if name not in _OF_ONE_CONNECTION | named]


def _appended(given: Headers, name: bytes, value: bytes) -> bytes:
    return b", ".join([*(old for key, old in given if key.lower() == name), value])
