"""What a PostgreSQL client may say first, as bytes on the wire.

Every first packet begins with its length (int32, itself included) and a code: a protocol version, or one of
three requests. Source: https://www.postgresql.org/docs/current/protocol-message-formats.html
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

HEAD_BYTES = 8
TLS_FIRST_BYTE = 0x16
"""A TLS ClientHello instead of a packet: `sslnegotiation=direct`."""
LONGEST_BYTES = 10_000
"""PostgreSQL's own limit for a start-up packet (MAX_STARTUP_PACKET_LENGTH)."""
_HEAD = struct.Struct("!ii")


class Request(IntEnum):
    """A first packet that is no start-up message."""

    CANCEL = 80877102
    SSL = 80877103
    GSSENC = 80877104


@dataclass(frozen=True, slots=True, kw_only=True)
class StartupMessage:
    """Who a client wants to be, and where.

    Args:
        database: what it named, else what PostgreSQL takes instead: the name of the user.
        is_replication: it wants to stream the write-ahead log of the whole server.
    """

    user: str
    database: str
    is_replication: bool


def parse_head(head: bytes) -> tuple[int, int] | None:
    """Return the length of a packet and its code, or None when no client of PostgreSQL would begin so.

    Args:
        head: its first eight bytes.
    """
    length, code = _HEAD.unpack(head)
    return (length, code) if HEAD_BYTES <= length <= LONGEST_BYTES else None


def parse_startup(packet: bytes) -> StartupMessage:
    """Read the parameters of a whole start-up packet; what it leaves out is empty."""
    words = packet[HEAD_BYTES:].decode("utf-8", "replace").split("\0")
    settings = dict(zip(words[::2], words[1::2], strict=False))
    user = settings.get("user", "")
    # `replication=database` is a connection to a database that may also stream.
    return StartupMessage(
        user=user,
        database=settings.get("database", user),
        is_replication=settings.get("replication", "false") in {"true", "on", "yes", "1"},
    )
