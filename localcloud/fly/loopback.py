"""Listening sockets of the emulator: loopback only, never another address."""

from __future__ import annotations

import socket

from lifeboat.core.errors import Refused

LOOPBACK = "127.0.0.1"
_BACKLOG = 512


def listen(port: int, option: str) -> socket.socket:
    """Return a socket that listens on a loopback port.

    Args:
        port: the port, 0 for any free one.
        option: the command-line option it came from, for the hint.

    Raises:
        Refused: the port cannot be used.
    """
    # Only a socket that says it is TCP gets TCP_NODELAY from asyncio; without it answers may be 40 ms late.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise Refused(
            f"port {port} on {LOOPBACK} cannot be used: {error.strerror}",
            hint=f"stop what holds it, or pass {option} 0 to take any free port",
        ) from error
    listener.setblocking(False)
    return listener
