"""Declared faults: done to the servers at once, and taken back when they are forgotten.

In memory only: a service that is started again has none, and finds its servers as PostgreSQL left them. What
a fault does to links and archives is written in the servers' own files and is undone at a start as well.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from lifeboat.core.errors import Refused
from localcloud.postgres.backups import Backups
from localcloud.postgres.configuration import write_part
from localcloud.postgres.cut import Cut
from localcloud.postgres.doors import Doors
from localcloud.postgres.fault_spec import FaultKind, FaultSpec
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.records import InstanceRecord
from localcloud.postgres.replica import DELAY_PART, pause_replay, resume_replay, set_delay
from localcloud.postgres.replication import Replication
from localcloud.postgres.servers import Servers

_HOLDING = frozenset({FaultKind.FREEZE, FaultKind.DOWN, FaultKind.POSTMASTER})
_PASSING = frozenset({FaultKind.CRASH, FaultKind.DROP_CONNECTIONS})


class Faults:
    """The faults of all databases."""

    def __init__(
        self, ledger: Ledger, servers: Servers, doors: Doors, backups: Backups, replication: Replication
    ) -> None:
        self._ledger = ledger
        self._servers = servers
        self._doors = doors
        self._backups = backups
        self._replication = replication
        self._lock = Lock()
        self._declared: dict[int, tuple[FaultSpec, str]] = {}
        self._next_id = 1

    def declare(self, spec: FaultSpec) -> int:
        """Do what a fault says and return its id; one that passes by itself has an id and is not listed.

        Raises:
            Refused: there is no such database, or it is no replica.
            psycopg.Error: a replica that should be slowed down does not answer.
        """
        with self._lock:
            record = self._find(spec) if spec.identifier else None
            self._strike(spec, record)
            fault_id, self._next_id = self._next_id, self._next_id + 1
            if spec.kind not in _PASSING:
                self._declared[fault_id] = (spec, record.resource_id if record else "")
            return fault_id

    def forget(self, fault_id: int | None = None) -> int:
        """Take one fault back, or all, and return how many there were."""
        with self._lock:
            chosen = [fault_id] if fault_id is not None else list(self._declared)
            found = [self._declared.pop(each) for each in chosen if each in self._declared]
            for spec, resource_id in found:
                self._undo(spec, self._ledger.records.instances.get(resource_id))
            return len(found)

    def clear_traces(self) -> None:
        """Undo what faults of an earlier run wrote down; before any server is started."""
        for record in self._ledger.records.instances.values():
            self._backups.archive(record.resource_id).accept()
            data = self._servers.of(record.resource_id).data
            if record.source_resource_id is not None and data.exists():
                write_part(self._servers.workshop.account, data, DELAY_PART, {})

    def holds(self, resource_id: str) -> bool:
        """Tell whether a server is kept from answering on purpose, so that nobody helps it."""
        return any(
            name == resource_id and spec.kind in _HOLDING for spec, name in tuple(self._declared.values())
        )

    def describe(self) -> list[dict[str, object]]:
        """Return every declared fault as JSON values."""
        return [
            {"id": fault_id, **spec.model_dump(mode="json")}
            for fault_id, (spec, _) in tuple(self._declared.items())
        ]

    def _strike(self, spec: FaultSpec, record: InstanceRecord | None) -> None:
        if record is None:
            self._doors.cut(spec.region, None, Cut(new=spec.new, existing=spec.existing))
            return
        server = self._servers.of(record.resource_id)
        strikes: dict[FaultKind, Callable[[], object]] = {
            FaultKind.FREEZE: server.freeze,
            FaultKind.DOWN: server.kill,
            FaultKind.CRASH: server.kill,
            FaultKind.POSTMASTER: lambda: server.kill(postmaster_only=True),
            FaultKind.CUT: lambda: self._doors.cut(
                record.region, record.identifier, Cut(new=spec.new, existing=spec.existing)
            ),
            FaultKind.DROP_CONNECTIONS: lambda: self._doors.drop_connections(record),
            FaultKind.ARCHIVE: self._backups.archive(record.resource_id).refuse,
            FaultKind.REPLICA_DELAY: lambda: set_delay(server, spec.delay_s),
            FaultKind.REPLICA_PAUSE: lambda: pause_replay(server),
            FaultKind.REPLICA_LINK: lambda: self._replication.hold(record.resource_id),
        }
        strikes[spec.kind]()

    def _undo(self, spec: FaultSpec, record: InstanceRecord | None) -> None:
        if record is None:
            if not spec.identifier:
                self._doors.restore(spec.region, None)
            return
        server = self._servers.of(record.resource_id)
        undoings: dict[FaultKind, Callable[[], object]] = {
            FaultKind.FREEZE: server.thaw,
            FaultKind.CUT: lambda: self._doors.restore(record.region, record.identifier),
            FaultKind.ARCHIVE: self._backups.archive(record.resource_id).accept,
            FaultKind.REPLICA_DELAY: lambda: set_delay(server, 0.0),
            FaultKind.REPLICA_PAUSE: lambda: resume_replay(server),
            FaultKind.REPLICA_LINK: lambda: self._replication.release_hold(record.resource_id),
        }
        # A server that was kept down is started by the next look after it.
        undoings.get(spec.kind, lambda: None)()

    def _find(self, spec: FaultSpec) -> InstanceRecord:
        for record in self._ledger.records.instances.values():
            if (record.region, record.identifier) == (spec.region, spec.identifier):
                if spec.kind.startswith("replica_") and record.source_resource_id is None:
                    raise Refused(f"database {spec.identifier} in {spec.region} is no replica")
                return record
        raise Refused(f"there is no database {spec.identifier} in {spec.region}")
