"""The seam between RDS as an API and the servers behind it.

Repairs call a `DatabaseServers` after moto has accepted an operation. There are two: real servers behind a
service of their own, and none at all (`remote_servers.py`, `metadata_servers.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from localcloud.aws.rds.facts import DatabaseFacts
from localcloud.aws.rds.metrics import Measured

Window = tuple[datetime, datetime]
"""The first and last moment that can be restored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where clients connect."""

    address: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreSource:
    """What a database is restored from: a snapshot, or a backup chain up to a moment.

    Args:
        replicated_to: the region that the backup chain was replicated to; empty for that of its instance.
    """

    snapshot_arn: str = ""
    source_resource_id: str = ""
    replicated_to: str = ""
    restore_at: datetime | None = None


class DatabaseServers(Protocol):
    """What happens behind the API; methods may raise only to say that the operation cannot be done."""

    def on_create(self, database: DatabaseFacts) -> None:
        """Begin to make an empty server."""
        ...

    def on_replica(self, database: DatabaseFacts) -> None:
        """Begin to make a server that follows `database.source_resource_id`."""
        ...

    def on_restore(self, database: DatabaseFacts, source: RestoreSource) -> None:
        """Begin to make a server with the content of a snapshot or of a moment."""
        ...

    def on_modify(self, database: DatabaseFacts) -> None:
        """Apply changed settings (password, parameters, storage, port, retention)."""
        ...

    def on_rename(self, database: DatabaseFacts, old_identifier: str) -> None:
        """Move the server to the endpoint of its new identifier."""
        ...

    def on_reboot(self, database: DatabaseFacts, *, force_failover: bool) -> None:
        """Restart the server."""
        ...

    def on_stop(self, database: DatabaseFacts) -> None:
        """Stop the server and keep its data."""
        ...

    def on_start(self, database: DatabaseFacts) -> None:
        """Start a stopped server."""
        ...

    def on_promote(self, database: DatabaseFacts) -> None:
        """Make a replica writable and independent."""
        ...

    def on_delete(self, database: DatabaseFacts, *, keep_backups: bool) -> None:
        """End the server and remove its data; its backup chain stays when `keep_backups`."""
        ...

    def on_snapshot(self, database: DatabaseFacts, snapshot_arn: str) -> None:
        """Begin to copy the server's content."""
        ...

    def on_snapshot_copy(self, source_arn: str, target_arn: str) -> None:
        """Begin to copy a snapshot's content."""
        ...

    def on_snapshot_delete(self, snapshot_arn: str) -> None:
        """Remove a snapshot's content."""
        ...

    def on_reset(self) -> None:
        """Forget everything."""
        ...

    def is_busy(self, name: str) -> bool:
        """Tell whether an operation on a database or a snapshot is still running.

        Args:
            name: resource id of the database, or ARN of the snapshot.
        """
        ...

    def state(self, name: str) -> str:
        """Return what the API shall say instead of `available`, such as `failed`; empty for nothing."""
        ...

    def endpoint(self, database: DatabaseFacts) -> Endpoint:
        """Return where clients connect to."""
        ...

    def restorable(
        self, database: DatabaseFacts, created_at: datetime, now: datetime
    ) -> tuple[datetime, datetime] | None:
        """Return the first and last moment the backup chain can be restored to; None while there is none."""
        ...

    def on_replicate_backups(self, database: DatabaseFacts, region: str, retention_days: int) -> None:
        """Begin to replicate the backup chain to another region."""
        ...

    def on_stop_replicating(self, resource_id: str, source_region: str, region: str) -> None:
        """Replicate no more, and keep what has arrived."""
        ...

    def on_delete_backups(self, resource_id: str, source_region: str, region: str) -> None:
        """Remove what a database that is gone, or its replicated backup chain, has left in a region."""
        ...

    def arrived(self, resource_id: str, region: str, own: Window | None) -> Window | None:
        """Return between which moments a replicated backup chain can be restored; None while it cannot.

        Args:
            resource_id: of the database.
            region: to which it is replicated.
            own: what the database itself can be restored to; None when it is out of reach.
        """
        ...

    def measure(self) -> tuple[Measured, ...]:
        """Measure every database that is meant to run; this may wait for them.

        Raises:
            LifeboatError: nothing can be measured now.
        """
        ...

    def replication(self, database: DatabaseFacts) -> str:
        """Return how the replication of a replica is: `replicating` or `error`."""
        ...

    def failovers(self, database: DatabaseFacts) -> int:
        """Return how often the standby of a Multi-AZ database has taken over."""
        ...

    def parameter_status(self, database: DatabaseFacts) -> str:
        """Return how far a server is with its parameters.

        One of `in-sync`, `applying`, `pending-reboot` and `failed-to-apply`.
        """
        ...

    def has_engine(self, major: int) -> bool:
        """Tell whether there can be servers of a major version of PostgreSQL."""
        ...

    def can_upgrade(self) -> bool:
        """Tell whether a server can be brought to another major version."""
        ...

    def parameter_contexts(self, major: int) -> Mapping[str, str]:
        """Return when a change of each setting takes effect (`postmaster`: at a start); empty if unknown."""
        ...

    def settle(self, databases: Callable[[], Iterable[DatabaseFacts]], cut_regions: frozenset[str]) -> None:
        """Catch up with what is known here; called at every tick.

        Args:
            databases: returns all there are.
            cut_regions: those that nothing reaches.
        """
        ...
