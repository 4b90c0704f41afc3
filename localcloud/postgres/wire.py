"""The bodies of the private control API: what whoever speaks for RDS tells the service, and is answered.

Both ends import these models, so that they cannot disagree.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, SecretStr, field_serializer


class Body(BaseModel):
    """A body; unknown members are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Facts(Body):
    """One database instance as RDS describes it at one moment.

    Args:
        resource_id: `db-…`, never changed and never used twice.
        identifier: the name, which a rename changes.
        source_resource_id: of the primary, when this is a replica.
        multi_az: it has a hidden standby that takes over.
    """

    resource_id: str
    region: str
    identifier: str
    engine: str
    engine_version: str
    db_name: str | None
    master_username: str
    master_password: SecretStr
    storage_gib: int
    backup_retention_days: int
    parameters: dict[str, str]
    source_resource_id: str | None
    multi_az: bool = False

    @field_serializer("master_password", when_used="json")
    def _reveal(self, password: SecretStr) -> str:
        # The control API is loopback, and the one place that has to see it.
        return password.get_secret_value()


class OriginKind(StrEnum):
    """What an instance's content comes from."""

    EMPTY = "empty"
    REPLICA = "replica"
    SNAPSHOT = "snapshot"
    MOMENT = "moment"


class Origin(Body):
    """Where an instance's content comes from.

    Args:
        name: ARN of the snapshot, or resource id of the primary or of the backup chain; empty for `EMPTY`.
        restore_at: for `MOMENT`; None is the latest there is.
    """

    kind: OriginKind = OriginKind.EMPTY
    name: str = ""
    restore_at: datetime | None = None


class Creation(Body):
    """Body of a creation."""

    facts: Facts
    origin: Origin


class Change(Body):
    """Body of an operation on an instance that exists.

    Args:
        flag: of a reboot: with failover; of a deletion: backups are kept.
    """

    facts: Facts
    flag: bool = False


class SnapshotOrder(Body):
    """Body of a new snapshot: of an instance, or a copy of another one (then `source` is its ARN)."""

    arn: str
    source: str


class AwayOrder(Body):
    """Body of an order about an instance's automated backups in a region, usually another than its own.

    Args:
        region: where the backups are.
        source_region: where the instance is, or was.
    """

    resource_id: str
    region: str
    source_region: str
    retention_days: int = 7


def away_name(resource_id: str, region: str) -> str:
    """Return what an instance's automated backups in another region are known by."""
    return f"{resource_id}@{region}"


class Regions(Body):
    """Regions that are cut off as a whole, all of them."""

    cut: frozenset[str]


class Known(Body):
    """Everything the other side knows of, when it begins: resource ids of instances, ARNs of snapshots."""

    instances: frozenset[str]
    snapshots: frozenset[str]


class InstanceStatus(Body):
    """One instance as the service sees it.

    Args:
        state: a status of RDS when it is not `available`, such as `failed`; empty otherwise.
        reason: why, for a state that nobody asked for.
        port: where clients connect; None until there is one.
        restorable: first and last moment that can be restored; None while there is none.
        replication: `replicating`, `error` or `terminated`; empty for what is no replica.
        failovers: how often its standby has taken over.
        source_resource_id: of the primary it follows, or will when it is made; None when it stands alone.
        wants_facts: its making was cut short; it begins again once somebody sends its facts.
        parameters: those of the parameter group that its server has been given.
        pending_restart: settings of which its server holds another value until it is started again.
        free_storage_bytes: what is left of its storage; None before it was measured.
        connections: of clients, to its endpoint.
    """

    resource_id: str
    region: str
    identifier: str
    state: str = ""
    reason: str = ""
    port: int | None = None
    restorable: tuple[datetime, datetime] | None = None
    source_resource_id: str | None = None
    wants_facts: bool = False
    replication: str = ""
    failovers: int = 0
    parameters: dict[str, str] = {}
    pending_restart: tuple[str, ...] = ()
    free_storage_bytes: int | None = None
    connections: int = 0


class Contexts(Body):
    """When a change of each setting takes effect, by name: `postmaster` is at a start, `sighup` at once."""

    contexts: dict[str, str]


class Overview(Body):
    """Everything the other side asks about, in one answer.

    Args:
        busy: resource ids and snapshot ARNs that an operation is running for.
        snapshots: the status of every snapshot by ARN; empty when it is available.
        away: between which moments backups in other regions can be restored, by `away_name`; None for none.
        gone: resource ids of instances that were deleted.
        cut_regions: as told last.
        run: another one after every start of the service.
    """

    instances: tuple[InstanceStatus, ...]
    busy: frozenset[str]
    snapshots: dict[str, str]
    away: dict[str, tuple[datetime, datetime] | None] = {}
    gone: frozenset[str]
    cut_regions: frozenset[str]
    run: str = ""
