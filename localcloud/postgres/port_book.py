"""Which port belongs to which identifier: for good, as an RDS endpoint's name does.

A name that was never seen gets the port that its hash points at, so that even without the book most names
get the same port again.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator, Mapping

from lifeboat.core.errors import Refused
from localcloud.port_range import FIRST, LAST, ports_of

LOOPBACK = "127.0.0.1"
_BACKLOG = 512
_log = logging.getLogger(__name__)


class PortBook:
    """The ports of all identifiers that were ever seen, by (region, identifier)."""

    def __init__(self, known: Mapping[str, Mapping[str, int]]) -> None:
        """Begin with the ports of an earlier run.

        Args:
            known: what `state` returned.
        """
        self.ports: dict[tuple[str, str], int] = {
            (region, name): port for region, ports in known.items() for name, port in ports.items()
        }

    def state(self) -> dict[str, dict[str, int]]:
        """Return the book for the next run: port by identifier by region."""
        state: dict[str, dict[str, int]] = {}
        for (region, identifier), port in sorted(self.ports.items()):
            state.setdefault(region, {})[identifier] = port
        return state

    def listen(self, region: str, identifier: str) -> socket.socket:
        """Listen on the port of an identifier, or on another one, kept from now on, when somebody else does.

        Raises:
            Refused: no port of the range is free.
        """
        kept = self.ports.get((region, identifier))
        for port in self._candidates(region, identifier, kept):
            listener = _listener(port)
            if listener is None:
                continue
            if kept not in {None, port}:
                _log.warning(
                    "port %s of database %s in %s is taken by another process; its endpoint is now port %s",
                    kept, identifier, region, port,
                )  # fmt: skip
            self.ports[region, identifier] = port
            return listener
        raise Refused(
            f"no free port for the endpoint of database {identifier} in {region} between {FIRST} and {LAST}",
            hint="something on this machine holds nearly all of them; `lifeboat cloud reset` forgets our own",
        )

    def _candidates(self, region: str, identifier: str, kept: int | None) -> Iterator[int]:
        if kept is not None:
            yield kept
        taken = set(self.ports.values())
        yield from (port for port in ports_of(f"{region}/{identifier}") if port not in taken)


def _listener(port: int) -> socket.socket | None:
    try:
        listener = socket.create_server((LOOPBACK, port), backlog=_BACKLOG)
    except OSError:
        return None
    listener.setblocking(False)
    return listener
