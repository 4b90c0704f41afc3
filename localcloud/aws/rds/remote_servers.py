"""The servers behind RDS when they are real: told and asked over HTTP (`localcloud.postgres`).

Every operation here is answered at once; whether it is done is asked. An operation is told again while the
service does not answer, for it may be starting: each of them can be told twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from threading import Lock

import httpx
from pydantic import BaseModel, SecretStr

from lifeboat.core.clock import Clock, SystemClock
from lifeboat.core.errors import Stuck
from localcloud.aws.rds.backups import aware
from localcloud.aws.rds.facts import DatabaseFacts
from localcloud.aws.rds.refusal import BAD_COMBINATION, refusal
from localcloud.aws.rds.servers import Endpoint, RestoreSource
from localcloud.postgres.wire import (
    Change,
    Contexts,
    Creation,
    Facts,
    InstanceStatus,
    Origin,
    OriginKind,
    Overview,
    Regions,
    SnapshotOrder,
)

ENGINE = "postgres"
_ADDRESS = "127.0.0.1"
_FRESH_S = 0.05
_PATIENCE_S = 15.0
_PAUSE_S = 0.1
_REFUSED = 400
_log = logging.getLogger(__name__)


class RemoteServers:
    """The service at `base_url`; safe to use from many threads."""

    def __init__(self, base_url: str, clock: Clock | None = None) -> None:
        # Never through a proxy of the environment: the service is on this machine.
        self._http = httpx.Client(base_url=base_url, timeout=90.0, trust_env=False)
        self._clock = clock or SystemClock()
        self._lock = Lock()
        self._overview: Overview | None = None
        self._looked_s = 0.0
        self._parameters: dict[str, tuple[tuple[str, str], ...]] = {}
        self._contexts: dict[int, Mapping[str, str]] = {}

    def on_create(self, database: DatabaseFacts) -> None:
        """Begin to make an empty server."""
        self._create(database, Origin())

    def on_replica(self, database: DatabaseFacts) -> None:
        """Begin to make a server that follows another one."""
        self._create(database, Origin(kind=OriginKind.REPLICA, name=database.source_resource_id or ""))

    def on_restore(self, database: DatabaseFacts, source: RestoreSource) -> None:
        """Begin to make a server with the content of a snapshot or of a moment."""
        if source.snapshot_arn:
            self._create(database, Origin(kind=OriginKind.SNAPSHOT, name=source.snapshot_arn))
            return
        restore_at = aware(source.restore_at) if source.restore_at else None
        kind, name = OriginKind.MOMENT, source.source_resource_id
        self._create(database, Origin(kind=kind, name=name, restore_at=restore_at))

    def on_modify(self, database: DatabaseFacts) -> None:
        """Apply changed settings."""
        self._change(database, "modify")

    def on_rename(self, database: DatabaseFacts, old_identifier: str) -> None:
        """Move the server to the endpoint of its new identifier."""
        self._change(database, "rename")

    def on_reboot(self, database: DatabaseFacts, *, force_failover: bool) -> None:
        """Restart the server."""
        self._change(database, "reboot", flag=force_failover)

    def on_stop(self, database: DatabaseFacts) -> None:
        """Stop the server and keep its data."""
        self._change(database, "stop")

    def on_start(self, database: DatabaseFacts) -> None:
        """Start a stopped server."""
        self._change(database, "start")

    def on_promote(self, database: DatabaseFacts) -> None:
        """Make a replica writable and independent."""
        self._change(database, "promote")

    def on_delete(self, database: DatabaseFacts, *, keep_backups: bool) -> None:
        """End the server and remove its data."""
        self._change(database, "delete", flag=keep_backups)

    def on_snapshot(self, database: DatabaseFacts, snapshot_arn: str) -> None:
        """Begin to copy the server's content."""
        self._tell("/snapshots/take", SnapshotOrder(arn=snapshot_arn, source=database.resource_id))

    def on_snapshot_copy(self, source_arn: str, target_arn: str) -> None:
        """Begin to copy a snapshot's content."""
        self._tell("/snapshots/copy", SnapshotOrder(arn=target_arn, source=source_arn))

    def on_snapshot_delete(self, snapshot_arn: str) -> None:
        """Remove a snapshot's content."""
        self._tell("/snapshots/delete", SnapshotOrder(arn=snapshot_arn, source=""))

    def on_reset(self) -> None:
        """End and forget every server, backup and snapshot."""
        self._ask("POST", "/_lifeboat/reset", b"")
        self._forget_look()

    def is_busy(self, name: str) -> bool:
        """Tell whether an operation on an instance or a snapshot is still running."""
        return name in self._look().busy

    def state(self, name: str) -> str:
        """Return the state an instance or a snapshot is in when it is not `available`."""
        overview = self._look()
        status = _status(overview, name)
        if status is None:
            return "failed" if name in overview.gone else overview.snapshots.get(name, "")
        return status.state

    def endpoint(self, database: DatabaseFacts) -> Endpoint:
        """Return where clients connect to; a name that leads nowhere when the service has no such server."""
        status = _status(self._look(), database.resource_id)
        if status is None or status.port is None:
            host = f"{database.identifier}.{database.region}.rds.invalid"
            return Endpoint(address=host, port=database.port)
        return Endpoint(address=_ADDRESS, port=status.port)

    def restorable(
        self,
        database: DatabaseFacts,
        created_at: datetime,
        now: datetime,
    ) -> tuple[datetime, datetime] | None:
        """Return the first and last moment the archive can be restored to; None while there is none."""
        status = _status(self._look(), database.resource_id)
        return status.restorable if status else None

    def failovers(self, database: DatabaseFacts) -> int:
        """Return how often a standby has taken over."""
        status = _status(self._look(), database.resource_id)
        return status.failovers if status else 0

    def parameter_status(self, database: DatabaseFacts) -> str:
        """Return how far an instance's server is with its parameters."""
        status = _status(self._look(), database.resource_id)
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
            answer = self._ask("GET", f"/parameters/{major}", b"")
            self._contexts[major] = Contexts.model_validate_json(answer).contexts
        return self._contexts[major]

    def adopt(self, databases: Iterable[DatabaseFacts]) -> None:
        """Make servers for databases that are known here and not there; before any request is served.

        A cloud that was saved when databases were descriptions has such ones: they begin empty, which is said
        in the log. One that was deleted there and is remembered here (a kill in between) is not made again.

        Raises:
            Stuck: the service does not answer.
        """
        overview = self._look()
        known = {status.resource_id for status in overview.instances} | overview.gone
        for database in databases:
            if database.engine == ENGINE and database.resource_id not in known:
                _log.warning("database %s had no server: it begins empty", database.identifier)
                self._create(database, Origin())

    def settle(self, databases: Callable[[], Iterable[DatabaseFacts]], cut: frozenset[str]) -> None:
        """Cut regions off as they are here, and tell what no operation tells: parameters, facts again."""
        try:
            overview = self._look()
            if cut != overview.cut_regions:
                self._tell("/regions", Regions(cut=cut))
            known = {status.resource_id: status for status in overview.instances}
            for database in databases():
                status = known.get(database.resource_id)
                if status is not None and status.wants_facts:
                    self._create(database, Origin())
                elif status is not None and self._has_new_parameters(database):
                    self._change(database, "modify")
        except Stuck as error:
            _log.warning("%s", error.message)

    def _has_new_parameters(self, database: DatabaseFacts) -> bool:
        """Tell whether a parameter group was changed since the last look: no operation speaks of that."""
        told = self._parameters.setdefault(database.resource_id, database.parameters)
        self._parameters[database.resource_id] = database.parameters
        return told != database.parameters

    def _create(self, database: DatabaseFacts, origin: Origin) -> None:
        if database.engine != ENGINE:
            raise NotImplementedError(f"databases of engine {database.engine} have no server here")
        self._tell("/instances/create", Creation(facts=_facts(database), origin=origin))

    def _change(self, database: DatabaseFacts, operation: str, *, flag: bool = False) -> None:
        if database.engine == ENGINE:
            self._tell(f"/instances/{operation}", Change(facts=_facts(database), flag=flag))

    def _tell(self, path: str, body: BaseModel) -> None:
        self._ask("POST", path, body.model_dump_json().encode())
        self._forget_look()

    def _forget_look(self) -> None:
        with self._lock:
            self._overview = None

    def _look(self) -> Overview:
        with self._lock:
            now_s = self._clock.monotonic_s()
            if self._overview is None or now_s - self._looked_s > _FRESH_S:
                self._overview = Overview.model_validate_json(self._ask("GET", "/overview", b""))
                self._looked_s = now_s
            return self._overview

    def _ask(self, method: str, path: str, body: bytes) -> bytes:
        deadline_s = self._clock.monotonic_s() + _PATIENCE_S
        while True:
            try:
                answer = self._http.request(method, path, content=body)
            except httpx.TransportError as error:
                if self._clock.monotonic_s() > deadline_s:
                    raise Stuck("the databases' service does not answer", retryable=True) from error
                self._clock.sleep(_PAUSE_S)
                continue
            if answer.status_code == _REFUSED:
                raise refusal(BAD_COMBINATION, str(answer.json()["error"]))
            answer.raise_for_status()
            return answer.content


def _facts(database: DatabaseFacts) -> Facts:
    return Facts(
        resource_id=database.resource_id,
        region=database.region,
        identifier=database.identifier,
        engine=database.engine,
        engine_version=database.engine_version,
        db_name=database.db_name,
        master_username=database.master_username,
        master_password=SecretStr(database.master_password.reveal()),
        storage_gib=database.storage_gib,
        backup_retention_days=database.backup_retention_days,
        parameters=dict(database.parameters),
        source_resource_id=database.source_resource_id,
        multi_az=database.multi_az,
    )


def _status(overview: Overview, resource_id: str) -> InstanceStatus | None:
    return next((one for one in overview.instances if one.resource_id == resource_id), None)
