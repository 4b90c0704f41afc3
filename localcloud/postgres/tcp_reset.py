"""Ending a TCP connection so that the other end is told at once, whatever it was doing: a reset."""

from __future__ import annotations

import asyncio
import socket
import struct

_DISCARD_AND_RESET = struct.pack("ii", 1, 0)


def reset_socket(connection: socket.socket) -> None:
    """Close a socket with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _DISCARD_AND_RESET)
    connection.close()


def reset_transport(transport: asyncio.Transport) -> None:
    """Abort a transport with a reset; one that is closed already is left alone."""
    connection = transport.get_extra_info("socket")
    if connection is not None and connection.fileno() >= 0:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _DISCARD_AND_RESET)
    transport.abort()
