"""The servers of each instance: one object for one data directory, as long as the instance is known."""

from __future__ import annotations

from threading import Lock

from lifeboat.core.errors import Refused
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.places import FIRST_PLACE, SECOND_PLACE
from localcloud.postgres.records import InstanceRecord
from localcloud.postgres.server import Server
from localcloud.postgres.workshop import Workshop


class Servers:
    """All servers, running or not; safe to use from many threads."""

    def __init__(self, ledger: Ledger, workshop: Workshop) -> None:
        self._ledger = ledger
        self.workshop = workshop
        self._lock = Lock()
        self._servers: dict[tuple[str, str], Server] = {}

    def record(self, resource_id: str) -> InstanceRecord:
        """Return what is known of an instance.

        Raises:
            Refused: there is no such instance.
        """
        record = self._ledger.records.instances.get(resource_id)
        if record is None:
            raise Refused(f"there is no instance {resource_id}")
        return record

    def find(self, resource_id: str) -> InstanceRecord | None:
        """Return what is known of an instance; None when there is no such instance."""
        return self._ledger.records.instances.get(resource_id)

    def of(self, resource_id: str) -> Server:
        """Return the server of an instance.

        Raises:
            Refused: there is no such instance.
        """
        record = self.record(resource_id)
        return self._server(record, record.place, record.server_port)

    def standby_of(self, resource_id: str) -> Server:
        """Return the server in an instance's other place, which is its standby when it has one.

        Raises:
            Refused: there is no such instance, or it never had a standby.
        """
        record = self.record(resource_id)
        if not record.standby_port:
            raise Refused(f"{record.identifier} has no standby")
        return self._server(record, record.standby_place, record.standby_port)

    def both(self, resource_id: str) -> tuple[Server, ...]:
        """Return an instance's server, and its standby when it has one.

        Raises:
            Refused: there is no such instance.
        """
        server = self.of(resource_id)
        return (server, self.standby_of(resource_id)) if self.record(resource_id).has_standby else (server,)

    def all(self) -> tuple[Server, ...]:
        """Return every server that was ever asked for."""
        with self._lock:
            return tuple(self._servers.values())

    def is_running(self, resource_id: str) -> bool:
        """Tell whether an instance's server runs."""
        record = self._ledger.records.instances.get(resource_id)
        server = self._servers.get((resource_id, record.place)) if record is not None else None
        return server is not None and server.is_running

    def forget(self, resource_id: str) -> None:
        """Forget the servers of an instance that was ended for ever."""
        with self._lock:
            for place in (FIRST_PLACE, SECOND_PLACE):
                self._servers.pop((resource_id, place), None)

    def _server(self, record: InstanceRecord, place: str, port: int) -> Server:
        with self._lock:
            key = (record.resource_id, place)
            if key not in self._servers:
                self._servers[key] = self.workshop.server(record, place, port)
            return self._servers[key]
