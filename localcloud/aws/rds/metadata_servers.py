"""No server behind RDS: nothing listens at an endpoint, and only the API's own bookkeeping changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from localcloud.aws.rds.facts import DatabaseFacts
from localcloud.aws.rds.metrics import Measured
from localcloud.aws.rds.servers import Endpoint, RestoreSource, Window

ARCHIVE_INTERVAL_S = 300
"""LatestRestorableTime moves in steps (RDS user guide: logs are uploaded every five minutes)."""


class MetadataOnlyServers:
    """No servers at all: every operation is done as soon as it is begun."""

    def __init__(self) -> None:
        """Nothing has happened yet."""
        self._failovers: Counter[str] = Counter()

    def on_create(self, database: DatabaseFacts) -> None:
        """Do nothing."""

    def on_replica(self, database: DatabaseFacts) -> None:
        """Do nothing."""

    def on_restore(self, database: DatabaseFacts, source: RestoreSource) -> None:
        """Do nothing."""

    def on_modify(self, database: DatabaseFacts) -> None:
        """Do nothing."""

    def on_rename(self, database: DatabaseFacts, old_identifier: str) -> None:
        """Do nothing."""

    def on_reboot(self, database: DatabaseFacts, *, force_failover: bool) -> None:
        """Count a failover."""
        self._failovers[database.resource_id] += force_failover

    def on_stop(self, database: DatabaseFacts) -> None:
        """Do nothing."""

    def on_start(self, database: DatabaseFacts) -> None:
        """Do nothing."""

    def on_promote(self, database: DatabaseFacts) -> None:
        """Do nothing."""

    def on_delete(self, database: DatabaseFacts, *, keep_backups: bool) -> None:
        """Do nothing."""

    def on_snapshot(self, database: DatabaseFacts, snapshot_arn: str) -> None:
        """Do nothing."""

    def on_snapshot_copy(self, source_arn: str, target_arn: str) -> None:
        """Do nothing."""

    def on_snapshot_delete(self, snapshot_arn: str) -> None:
        """Do nothing."""

    def on_reset(self) -> None:
        """Do nothing."""

    def is_busy(self, name: str) -> bool:
        """Return False."""
        return False

    def state(self, name: str) -> str:
        """Return nothing."""
        return ""

    def endpoint(self, database: DatabaseFacts) -> Endpoint:
        """Return a name shaped as RDS shapes it; nothing listens there."""
        host = f"{database.identifier}.local.{database.region}.rds.amazonaws.com"
        return Endpoint(address=host, port=database.port)

    def restorable(
        self, database: DatabaseFacts, created_at: datetime, now: datetime
    ) -> tuple[datetime, datetime] | None:
        """Return the creation, and the last full five minutes or the creation when that is later."""
        uploaded_at = datetime.fromtimestamp(now.timestamp() // ARCHIVE_INTERVAL_S * ARCHIVE_INTERVAL_S, UTC)
        return created_at, max(created_at, uploaded_at)

    def on_replicate_backups(self, database: DatabaseFacts, region: str, retention_days: int) -> None:
        """Do nothing."""

    def on_stop_replicating(self, resource_id: str, source_region: str, region: str) -> None:
        """Do nothing."""

    def on_delete_backups(self, resource_id: str, source_region: str, region: str) -> None:
        """Do nothing."""

    def arrived(self, resource_id: str, region: str, own: Window | None) -> Window | None:
        """Return the database's last moment: everything arrives at once."""
        return (own[1], own[1]) if own else None

    def measure(self) -> tuple[Measured, ...]:
        """Return nothing: nothing runs."""
        return ()

    def replication(self, database: DatabaseFacts) -> str:
        """Return that nothing is wrong."""
        return "replicating"

    def failovers(self, database: DatabaseFacts) -> int:
        """Return how often this run was asked for a failover."""
        return self._failovers[database.resource_id]

    def parameter_status(self, database: DatabaseFacts) -> str:
        """Return `in-sync`."""
        return "in-sync"

    def has_engine(self, major: int) -> bool:
        """Return True."""
        return True

    def can_upgrade(self) -> bool:
        """Return True."""
        return True

    def parameter_contexts(self, major: int) -> Mapping[str, str]:
        """Return nothing."""
        return {}

    def settle(self, databases: Callable[[], Iterable[DatabaseFacts]], cut_regions: frozenset[str]) -> None:
        """Do nothing."""
