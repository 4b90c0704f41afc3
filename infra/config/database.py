"""Section `database`: the RDS PostgreSQL of an environment; a product without RDS leaves it out."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from infra.config.parameters import ParameterValue
from infra.config.section import Name, Section


class RecoveryTier(StrEnum):
    """What stands ready in the recovery region."""

    NONE = "none"
    """Nothing but the logical backups in the buckets."""
    BACKUPS = "backups"
    """Automated backups and WAL are replicated; a database is restored there when needed."""
    REPLICA = "replica"
    """A streaming replica stands there, next to replicated automated backups."""


class Pool(Section):
    """The connection pool each app process opens on the primary."""

    min: Annotated[int, Field(ge=0, le=500)]
    """Connections kept open."""
    max: Annotated[int, Field(ge=1, le=500)]
    """Connections at most."""


class Database(Section):
    """One PostgreSQL per region that has one; the same settings everywhere, so a failover changes none."""

    engine_version: Annotated[str, Field(pattern=r"^1[3-9](\.\d{1,2})?$")]
    """Major version (`"16"`: RDS applies minor ones) or a pinned minor one (`"16.4"`: it does not)."""
    instance_class: str
    """RDS instance class of the t3, t4g, m or r families."""
    storage_gib: Annotated[int, Field(ge=20, le=65536)]
    """Storage at creation, gp3."""
    max_storage_gib: Annotated[int, Field(ge=21, le=65536)]
    """Storage autoscaling stops here; more than `storage_gib`, so that a full disk is not an outage."""
    multi_az: bool
    """A synchronous standby in another zone of the primary region."""
    port: Annotated[int, Field(ge=1150, le=65535)] = 5432
    """Port of every database."""
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
    """The PostgreSQL database made at creation."""
    master_username: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")] = "lifeboat"
    """The master user; `admin`, `postgres` and other reserved words are refused."""
    master_secret: Name = "database-master"  # noqa: S105  # the name of a secret, not a secret
    """Name of the secret (in `secrets`) that holds the master password."""
    recovery_tier: RecoveryTier
    """`none`, `backups` or `replica`: what stands ready in the recovery region."""
    kept_regions: tuple[str, ...] = ()
    """Regions whose database stays although the tier would not put one there: the primary that was failed
    away from, until somebody decides that nothing in it is missed."""
    retention_days: Annotated[int, Field(ge=1, le=35)]
    """Automated backups can restore to any moment of this many days."""
    backup_window: str
    """Daily, UTC, `02:00-03:00`; at least 30 minutes."""
    maintenance_window: str
    """Weekly, UTC, `sun:04:00-sun:05:00`; must not touch the backup window."""
    monitoring_interval_s: Annotated[int, Field(ge=0, le=60)] = 60
    """Enhanced monitoring: 0 (off), 1, 5, 10, 15, 30 or 60."""
    log_retention_days: Annotated[int, Field(ge=1, le=3653)] = 365
    """How long CloudWatch keeps the PostgreSQL logs; one of the numbers CloudWatch accepts."""
    parameters: dict[str, ParameterValue] = Field(default_factory=dict)
    """Server settings from the allow-list, over Lifeboat's own."""
    pool: Pool
    """The app's connection pool."""
