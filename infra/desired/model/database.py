"""A PostgreSQL database and the things it stands on: its groups, its replicated backups, its events.

Databases are named by region; which one is primary is data. Nothing here holds a password: the resources
layer creates with a throw-away one and an operator's command sets the real one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from infra.desired.model.log_group import DesiredLogGroup
from infra.desired.reference import DatabaseRef, KeyRef, NetworkRef, RoleRef, SecretRef, TopicRef

LOG_EXPORTS = ("postgresql", "upgrade")
"""The logs RDS sends to CloudWatch."""


class DatabaseRole(StrEnum):
    """What a database is for at present.

    `FORMER` is a primary that was failed away from and is kept, unused, until somebody decides otherwise.
    """

    PRIMARY = "primary"
    REPLICA = "replica"
    FORMER = "former"


class ApplyMethod(StrEnum):
    """When a parameter takes effect; RDS decides which parameters allow `IMMEDIATE`."""

    IMMEDIATE = "immediate"
    PENDING_REBOOT = "pending-reboot"


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredParameter:
    """One setting of the server, its value as RDS writes it."""

    name: str
    value: str
    apply_method: ApplyMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredParameterGroup:
    """The parameter group of one region; `family` as RDS names it (`postgres16`)."""

    name: str
    physical_name: str
    region: str
    family: str
    description: str
    parameters: tuple[DesiredParameter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredSubnetGroup:
    """All subnets of a region's network, for its database. Exists in both regions, so a restore finds it."""

    name: str
    physical_name: str
    region: str
    description: str
    network: NetworkRef


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredDatabase:
    """An RDS instance.

    The defaults are safer than RDS's own and the same in every environment. A restore loses them, so a
    recovery sets them again from here.

    Args:
        name: logical name, `database-<region>`; a failover never changes it.
        physical_name: the instance identifier; a failover never changes it either.
        source: the primary this replicates from; None unless `role` is `REPLICA`. A replica takes engine
            version, user, database name and storage from its source, so these are not passed to RDS for it.
        master_secret: where the real password lives.
        subnet_group: logical name of the subnet group; likewise `parameter_group`.
        network: its security group is the instance's only one.
        monitoring_role: present when `monitoring_interval_s` is over 0.
        log_groups: one per exported log; must exist before the instance, or RDS makes them without a key.
        ignored_changes: arguments the program never changes after creation, in Python spelling. A failover
            changes the source in the world first, so it must not come back as a diff here.
    """

    name: str
    physical_name: str
    region: str
    role: DatabaseRole
    source: DatabaseRef | None
    engine_version: str
    instance_class: str
    storage_gib: int
    max_storage_gib: int
    key: KeyRef
    database_name: str
    master_username: str
    master_secret: SecretRef
    port: int
    multi_az: bool
    subnet_group: str
    parameter_group: str
    network: NetworkRef
    publicly_accessible: bool
    backup_retention_days: int
    backup_window: str
    maintenance_window: str
    delete_automated_backups: bool
    deletion_protection: bool
    skip_final_snapshot: bool
    final_snapshot_name: str
    log_groups: tuple[DesiredLogGroup, ...]
    monitoring_interval_s: int
    monitoring_role: RoleRef | None
    auto_minor_version_upgrade: bool
    protected: bool
    retain_on_delete: bool
    engine: str = "postgres"
    engine_lifecycle_support: str = "open-source-rds-extended-support-disabled"
    storage_type: str = "gp3"
    storage_encrypted: bool = True
    copy_tags_to_snapshot: bool = True
    iam_authentication: bool = True
    ca_certificate: str = "rds-ca-rsa2048-g1"
    log_exports: tuple[str, ...] = LOG_EXPORTS
    performance_insights: bool = True
    performance_insights_retention_days: int = 7
    database_insights_mode: str = "standard"
    allow_major_version_upgrade: bool = False
    apply_immediately: bool = False
    ignored_changes: tuple[str, ...] = (
        "db_name",
        "engine",
        "password",
        "replicate_source_db",
        "restore_to_point_in_time",
        "snapshot_identifier",
        "username",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredBackupsReplication:
    """Automated backups of `source` copied into `region` (the region of the copies, not of the source)."""

    name: str
    region: str
    source: DatabaseRef
    key: KeyRef
    retention_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredEventSubscription:
    """RDS events of a region's databases sent to a topic of that region."""

    name: str
    physical_name: str
    region: str
    topic: TopicRef
    databases: tuple[DatabaseRef, ...]
    categories: tuple[str, ...]
