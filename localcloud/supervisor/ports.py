"""Which port a service gets: the one it had, else a free one; never one that somebody else holds.

An endpoint that was printed or stored stays valid over `down` and `up`, so a remembered port that is taken is
refused with its owner's name instead of being replaced in silence; `--new-ports` is the way out.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable

import psutil

from lifeboat.core.errors import ConfigError
from localcloud.port_range import FIRST, LAST
from localcloud.supervisor.service import LOOPBACK

ATTEMPTS = 200


def choose_port(
    name: str,
    remembered: int | None,
    *,
    taken: frozenset[int] = frozenset(),
    is_free: Callable[[int], bool] | None = None,
) -> int:
    """Return the port of a service.

    Args:
        name: the service, for the message.
        remembered: its last port, None when it never had one.
        taken: ports of its sisters that are not yet listening.
        is_free: tells whether a port can be listened on; asks the machine unless given.

    Raises:
        ConfigError: the remembered port is held by another process.
    """
    free = is_free or can_listen
    if remembered is None:
        return _first_port(name, taken, free)
    if free(remembered):
        return remembered
    raise ConfigError(
        f"port {remembered} of the local cloud's service {name!r} is taken by {owner_of(remembered)}",
        hint="end that process, or take other ports with `lifeboat cloud up --new-ports`",
    )


def can_listen(port: int) -> bool:
    """Tell whether a loopback port is free, by listening on it for a moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: connections of an earlier listener that are still winding down do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen()
        except OSError:
            return False
    return True


def owner_of(port: int) -> str:
    """Return who listens on a port, as far as this user may see it."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:
        return "another process"
    for connection in connections:
        listens = connection.status == psutil.CONN_LISTEN
        if listens and getattr(connection.laddr, "port", None) == port and connection.pid:
            return f"process {connection.pid} ({_name_of(connection.pid)})"
    return "another process"


def _first_port(name: str, taken: frozenset[int], is_free: Callable[[int], bool]) -> int:
    for _ in range(ATTEMPTS):
        port = FIRST + secrets.randbelow(LAST - FIRST + 1)
        if port not in taken and is_free(port):
            return port
    raise ConfigError(
        f"no free port for the local cloud's service {name!r} between {FIRST} and {LAST}",
        hint="something on this machine holds nearly all of them",
    )


def _name_of(pid: int) -> str:
    try:
        return psutil.Process(pid).name()
    except psutil.NoSuchProcess:
        return "just ended"
