"""What each kind of fault does to one database, and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable

from localcloud.postgres.backups import Backups
from localcloud.postgres.configuration import write_part
from localcloud.postgres.cut import Cut
from localcloud.postgres.doors import Doors
from localcloud.postgres.fault_spec import FaultKind, FaultSpec
from localcloud.postgres.records import InstanceRecord
from localcloud.postgres.replica import DELAY_PART, pause_replay, resume_replay, set_delay
from localcloud.postgres.replication import Replication
from localcloud.postgres.servers import Servers


class Strikes:
    """Does what faults say; who declared which is none of its business."""

    def __init__(self, servers: Servers, doors: Doors, backups: Backups, replication: Replication) -> None:
        self._servers = servers
        self._doors = doors
        self._backups = backups
        self._replication = replication

    def strike(self, spec: FaultSpec, record: InstanceRecord) -> None:
        """Do what a fault says.

        Raises:
            Refused: it cannot be done to this database.
            psycopg.Error: its server has to be asked for it and does not answer.
        """
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

    def undo(self, spec: FaultSpec, record: InstanceRecord) -> None:
        """Take back what a fault did."""
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

    def clear_traces(self, record: InstanceRecord) -> None:
        """Undo what faults of an earlier run wrote down; before the server is started."""
        self._backups.archive(record.resource_id).accept()
        data = self._servers.of(record.resource_id).data
        if record.source_resource_id is not None and data.exists():
            write_part(self._servers.workshop.account, data, DELAY_PART, {})
