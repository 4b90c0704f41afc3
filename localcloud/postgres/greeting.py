"""The first words with a client, on the bare socket: how it wants to go on.

    SSLRequest ─► `S` ─► TLS        GSSENCRequest ─► `N` ─► it asks again
    0x16 ─► TLS at once             CancelRequest, start-up message ─► read whole, kept for the server

Never a byte more is read than belongs to the packet: what follows is for the TLS layer or for the server.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from enum import StrEnum

from localcloud.postgres.startup_message import HEAD_BYTES, TLS_FIRST_BYTE, Request, parse_head

_MOST_PACKETS = 3


class Manner(StrEnum):
    """How a client wants to go on."""

    TLS = "tls"
    DIRECT_TLS = "direct-tls"
    PLAIN = "plain"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What a client said first.

    Args:
        packet: what was read and belongs to the server; empty when TLS comes first.
    """

    manner: Manner
    packet: bytes = b""


async def greet(client: socket.socket) -> Greeting | None:
    """Listen to a client until it is clear what it wants, and answer its requests.

    Args:
        client: a connected non-blocking socket.

    Returns:
        None when it has gone or does not speak PostgreSQL's protocol.

    Raises:
        OSError: the connection broke.
    """
    if await _first_byte(client) == TLS_FIRST_BYTE:
        return Greeting(manner=Manner.DIRECT_TLS)
    for _ in range(_MOST_PACKETS):
        packet, code = await _packet(client)
        match code:
            case None:
                return None
            case Request.GSSENC:
                await asyncio.get_running_loop().sock_sendall(client, b"N")
            case Request.SSL:
                return await _accept_tls(client)
            case Request.CANCEL:
                return Greeting(manner=Manner.CANCEL, packet=packet)
            case _:
                return Greeting(manner=Manner.PLAIN, packet=packet)
    return None


async def _accept_tls(client: socket.socket) -> Greeting | None:
    # Anything already there was said in plain text, perhaps by somebody in between (CVE-2021-23214).
    if _peek(client) is not None:
        return None
    await asyncio.get_running_loop().sock_sendall(client, b"S")
    return Greeting(manner=Manner.TLS)


async def _packet(client: socket.socket) -> tuple[bytes, int | None]:
    head = await _exactly(client, HEAD_BYTES)
    parsed = parse_head(head) if len(head) == HEAD_BYTES else None
    if parsed is None:
        return head, None
    length, code = parsed
    packet = head + await _exactly(client, length - HEAD_BYTES)
    return packet, code if len(packet) == length else None


async def _exactly(client: socket.socket, count: int) -> bytes:
    """Return `count` bytes, fewer when the client ends before."""
    read = b""
    while len(read) < count:
        chunk = await asyncio.get_running_loop().sock_recv(client, count - len(read))
        if not chunk:
            break
        read += chunk
    return read


async def _first_byte(client: socket.socket) -> int | None:
    """Wait for the first byte and leave it where it is."""
    loop = asyncio.get_running_loop()
    while (seen := _peek(client)) is None:
        readable = asyncio.Event()
        loop.add_reader(client, readable.set)
        try:
            await readable.wait()
        finally:
            loop.remove_reader(client)
    return seen[0] if seen else None


def _peek(client: socket.socket) -> bytes | None:
    """Return the next byte, none at the end, or None when nothing has come."""
    try:
        return client.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return None
