"""The server of each instance: one object for one data directory, as long as the instance is known."""

from __future__ import annotations

from threading import Lock

from lifeboat.core.errors import Refused
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.records import InstanceRecord
from localcloud.postgres.server import Server
from localcloud.postgres.workshop import Workshop


class Servers:
    """All servers, running or not; safe to use from many threads."""

    def __init__(self, ledger: Ledger, workshop: Workshop) -> None:
        self._ledger = ledger
        self.workshop = workshop
        self._lock = Lock()
        self._servers: dict[str, Server] = {}

    def record(self, resource_id: str) -> InstanceRecord:
        """Return what is known of an instance.

        Raises:
            Refused: there is no such instance.
        """
        record = self._ledger.records.instances.get(resource_id)
        if record is None:
            raise Refused(f"there is no instance {resource_id}")
        return record

    def of(self, resource_id: str) -> Server:
        """Return the server of an instance.

        Raises:
            Refused: there is no such instance.
        """
        record = self.record(resource_id)
        with self._lock:
            if resource_id not in self._servers:
                self._servers[resource_id] = self.workshop.server(record)
            return self._servers[resource_id]

    def all(self) -> tuple[Server, ...]:
        """Return every server that was ever asked for."""
        with self._lock:
            return tuple(self._servers.values())

    def is_running(self, resource_id: str) -> bool:
        """Tell whether an instance's server runs."""
        server = self._servers.get(resource_id)
        return server is not None and server.is_running

    def forget(self, resource_id: str) -> None:
        """Forget a server that was ended for ever."""
        with self._lock:
            self._servers.pop(resource_id, None)
