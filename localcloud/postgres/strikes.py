"""What each kind of fault does to one database, and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from lifeboat.core.errors import Refused, Stuck
from localcloud.postgres.backups import Backups
from localcloud.postgres.configuration import write_part
from localcloud.postgres.cut import Cut
from localcloud.postgres.damage import corrupt_page, drop_segment
from localcloud.postgres.doors import Doors
from localcloud.postgres.fault_spec import FaultKind, FaultSpec
from localcloud.postgres.jobs import Job, Jobs
from localcloud.postgres.records import InstanceRecord
from localcloud.postgres.replica import DELAY_PART, pause_replay, resume_replay, set_delay
from localcloud.postgres.replication import Replication
from localcloud.postgres.servers import Servers
from localcloud.postgres.storage import Storage

_TURN_S = 60.0


class Strikes:
    """Does what faults say; who declared which is none of its business."""

    def __init__(
        self,
        servers: Servers,
        doors: Doors,
        backups: Backups,
        replication: Replication,
        storage: Storage,
        jobs: Jobs,
    ) -> None:
        self._servers = servers
        self._storage = storage
        self._doors = doors
        self._backups = backups
        self._replication = replication
        self._jobs = jobs

    def strike(self, spec: FaultSpec, record: InstanceRecord) -> str:
        """Do what a fault says, and return what exactly was hit when that was chosen here.

        Raises:
            Refused: it cannot be done to this database.
            Stuck: it is not this fault's turn for too long.
            psycopg.Error: its server has to be asked for it and does not answer.
        """
        server = self._servers.of(record.resource_id)
        archive = self._backups.archive(record.resource_id)
        damages: dict[FaultKind, Callable[[], str]] = {
            FaultKind.CORRUPT: lambda: corrupt_page(server),
            FaultKind.DROP_SEGMENT: lambda: drop_segment(archive, server),
        }
        if spec.kind in damages:
            return self._in_turn(record, damages[spec.kind])
        strikes: dict[FaultKind, Callable[[], object]] = {
            FaultKind.FREEZE: server.freeze,
            FaultKind.DOWN: server.kill,
            FaultKind.CRASH: server.kill,
            FaultKind.POSTMASTER: lambda: server.kill(postmaster_only=True),
            FaultKind.CUT: lambda: self._doors.cut(
                record.region, record.identifier, Cut(new=spec.new, existing=spec.existing)
            ),
            FaultKind.DROP_CONNECTIONS: lambda: self._doors.drop_connections(record),
            FaultKind.ARCHIVE: archive.refuse,
            FaultKind.FILL: lambda: self._storage.fill(record, spec.left_bytes),
            FaultKind.REPLICA_DELAY: lambda: set_delay(server, spec.delay_s),
            FaultKind.REPLICA_PAUSE: lambda: pause_replay(server),
            FaultKind.REPLICA_LINK: lambda: self._replication.hold(record.resource_id),
        }
        strikes[spec.kind]()
        return ""

    def undo(self, spec: FaultSpec, record: InstanceRecord) -> None:
        """Take back what a fault did."""
        server = self._servers.of(record.resource_id)
        undoings: dict[FaultKind, Callable[[], object]] = {
            FaultKind.FREEZE: server.thaw,
            FaultKind.CUT: lambda: self._doors.restore(record.region, record.identifier),
            FaultKind.ARCHIVE: self._backups.archive(record.resource_id).accept,
            FaultKind.FILL: lambda: self._storage.drain(record.resource_id),
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

    def _in_turn(self, record: InstanceRecord, work: Callable[[], str]) -> str:
        """Do something while nothing else is done for the instance, and return what it answers."""
        if not self._servers.is_running(record.resource_id):
            raise Refused(f"the server of database {record.identifier} does not run", retryable=True)
        done = Future[str]()
        job = Job(
            queue=record.resource_id,
            name="fault",
            work=lambda: done.set_result(work()),
            on_failure=done.set_exception,
        )
        self._jobs.submit(job)
        try:
            return done.result(_TURN_S)
        except TimeoutError as error:
            raise Stuck(f"database {record.identifier} is busy", retryable=True) from error
