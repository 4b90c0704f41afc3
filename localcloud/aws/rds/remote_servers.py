"""The servers behind RDS when they are real: told and asked over HTTP (`localcloud.postgres`).

Every operation here is answered at once; whether it is done is asked. An operation is told again while the
service does not answer, for it may be starting: each of them can be told twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from lifeboat.core.clock import Clock
from lifeboat.core.errors import Stuck
from localcloud.aws.rds.backups import aware
from localcloud.aws.rds.facts import DatabaseFacts
from localcloud.aws.rds.metrics import Measured
from localcloud.aws.rds.reunion import Reunion
from localcloud.aws.rds.servers import Endpoint, RestoreSource, Window
from localcloud.aws.rds.service_line import ServiceLine
from localcloud.postgres.readings import Readings
from localcloud.postgres.wire import (
    AwayOrder,
    Contexts,
    Origin,
    OriginKind,
    SnapshotOrder,
    away_name,
)

_ADDRESS = "127.0.0.1"
_log = logging.getLogger(__name__)


class RemoteServers:
    """The service at `base_url`; safe to use from many threads."""

    def __init__(self, base_url: str, clock: Clock | None = None) -> None:
        self._line = ServiceLine(base_url, clock)
        self._reunion = Reunion(self._line)
        self._contexts: dict[int, Mapping[str, str]] = {}

    def on_create(self, database: DatabaseFacts) -> None:
        """Begin to make an empty server."""
        self._line.create(database, Origin())

    def on_replica(self, database: DatabaseFacts) -> None:
        """Begin to make a server that follows another one."""
        self._line.create(database, Origin(kind=OriginKind.REPLICA, name=database.source_resource_id or ""))

    def on_restore(self, database: DatabaseFacts, source: RestoreSource) -> None:
        """Begin to make a server with the content of a snapshot or of a moment."""
        if source.snapshot_arn:
            self._line.create(database, Origin(kind=OriginKind.SNAPSHOT, name=source.snapshot_arn))
            return
        restore_at = aware(source.restore_at) if source.restore_at else None
        kind, name = OriginKind.MOMENT, source.source_resource_id
        if source.replicated_to:
            name = away_name(name, source.replicated_to)
        self._line.create(database, Origin(kind=kind, name=name, restore_at=restore_at))

    def on_modify(self, database: DatabaseFacts) -> None:
        """Apply changed settings."""
        self._line.change(database, "modify")

    def on_rename(self, database: DatabaseFacts, old_identifier: str) -> None:
        """Move the server to the endpoint of its new identifier."""
        self._line.change(database, "rename")

    def on_reboot(self, database: DatabaseFacts, *, force_failover: bool) -> None:
        """Restart the server."""
        self._line.change(database, "reboot", flag=force_failover)

    def on_stop(self, database: DatabaseFacts) -> None:
        """Stop the server and keep its data."""
        self._line.change(database, "stop")

    def on_start(self, database: DatabaseFacts) -> None:
        """Start a stopped server."""
        self._line.change(database, "start")

    def on_promote(self, database: DatabaseFacts) -> None:
        """Make a replica writable and independent."""
        self._line.change(database, "promote")

    def on_delete(self, database: DatabaseFacts, *, keep_backups: bool) -> None:
        """End the server and remove its data."""
        self._line.change(database, "delete", flag=keep_backups)

    def on_snapshot(self, database: DatabaseFacts, snapshot_arn: str) -> None:
        """Begin to copy the server's content."""
        self._line.tell("/snapshots/take", SnapshotOrder(arn=snapshot_arn, source=database.resource_id))

    def on_snapshot_copy(self, source_arn: str, target_arn: str) -> None:
        """Begin to copy a snapshot's content."""
        self._line.tell("/snapshots/copy", SnapshotOrder(arn=target_arn, source=source_arn))

    def on_snapshot_delete(self, snapshot_arn: str) -> None:
        """Remove a snapshot's content."""
        self._line.tell("/snapshots/delete", SnapshotOrder(arn=snapshot_arn, source=""))

    def on_replicate_backups(self, database: DatabaseFacts, region: str, retention_days: int) -> None:
        """Begin to replicate the archive to another region."""
        order = AwayOrder(
            resource_id=database.resource_id,
            region=region,
            source_region=database.region,
            retention_days=retention_days,
        )
        self._line.tell("/backups/replicate", order)

    def on_stop_replicating(self, resource_id: str, source_region: str, region: str) -> None:
        """Replicate no more, and keep what has arrived."""
        order = AwayOrder(resource_id=resource_id, source_region=source_region, region=region)
        self._line.tell("/backups/stop", order)

    def on_delete_backups(self, resource_id: str, source_region: str, region: str) -> None:
        """Remove an archive, or what has arrived of it in a region."""
        order = AwayOrder(resource_id=resource_id, source_region=source_region, region=region)
        self._line.tell("/backups/delete", order)

    def on_reset(self) -> None:
        """End and forget every server, backup and snapshot."""
        self._line.ask("POST", "/_lifeboat/reset", b"")
        self._line.forget_look()

    def is_busy(self, name: str) -> bool:
        """Tell whether an operation on an instance or a snapshot is still running."""
        return name in self._line.look().busy

    def state(self, name: str) -> str:
        """Return the state an instance or a snapshot is in when it is not `available`."""
        status = self._line.status(name)
        if status is None:
            overview = self._line.look()
            is_lost = name in overview.gone or name in self._reunion.lost
            return "failed" if is_lost else overview.snapshots.get(name, "")
        return status.state

    def endpoint(self, database: DatabaseFacts) -> Endpoint:
        """Return where clients connect to; a name that leads nowhere when the service has no such server."""
        status = self._line.status(database.resource_id)
        if status is None or status.port is None:
            host = f"{database.identifier}.{database.region}.rds.invalid"
            return Endpoint(address=host, port=database.port)
        return Endpoint(address=_ADDRESS, port=status.port)

    def restorable(self, database: DatabaseFacts, created_at: datetime, now: datetime) -> Window | None:
        """Return the first and last moment the archive can be restored to; None while there is none."""
        status = self._line.status(database.resource_id)
        return status.restorable if status else None

    def arrived(self, resource_id: str, region: str, own: Window | None) -> Window | None:
        """Return between which moments what has arrived in a region can be restored; None for none."""
        return self._line.look().away.get(away_name(resource_id, region))

    def measure(self) -> tuple[Measured, ...]:
        """Let the service measure all that runs; `Stuck` when it does not answer."""
        found = Readings.model_validate_json(self._line.ask("GET", "/readings", b""))
        return tuple(Measured(**dict(one)) for one in found.readings)

    def replication(self, database: DatabaseFacts) -> str:
        """Return whether the log of its source arrives at a replica."""
        status = self._line.status(database.resource_id)
        return status.replication if status and status.replication else "error"

    def failovers(self, database: DatabaseFacts) -> int:
        """Return how often a standby has taken over."""
        status = self._line.status(database.resource_id)
        return status.failovers if status else 0

    def parameter_status(self, database: DatabaseFacts) -> str:
        """Return how far an instance's server is with its parameters."""
        status = self._line.status(database.resource_id)
        if status is None or status.parameters == dict(database.parameters):
            return "pending-reboot" if status and status.pending_restart else "in-sync"
        return "failed-to-apply" if status.state == "incompatible-parameters" else "applying"

    def has_engine(self, major: int) -> bool:
        """Tell whether this machine has a major version of PostgreSQL."""
        return bool(self.parameter_contexts(major))

    def can_upgrade(self) -> bool:
        """Return False: nothing here rewrites a data directory."""
        return False

    def parameter_contexts(self, major: int) -> Mapping[str, str]:
        """Return what this machine's PostgreSQL of a version says of its settings."""
        if major not in self._contexts:
            answer = self._line.ask("GET", f"/parameters/{major}", b"")
            self._contexts[major] = Contexts.model_validate_json(answer).contexts
        return self._contexts[major]

    def adopt(self, databases: Iterable[DatabaseFacts], snapshots: Iterable[str]) -> frozenset[str]:
        """Bring the service to what is known here, see `Reunion.adopt`."""
        return self._reunion.adopt(databases, snapshots)

    def settle(self, databases: Callable[[], Iterable[DatabaseFacts]], cut: frozenset[str]) -> None:
        """Cut regions off as they are here, and tell what no operation tells: parameters, facts again."""
        try:
            self._reunion.settle(self._line.look(), databases(), cut)
        except Stuck as error:
            _log.warning("%s", error.message)
