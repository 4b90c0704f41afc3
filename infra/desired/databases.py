"""Builds the databases: one per region that has one, named by region, roles given by the topology.

What is safer than RDS's own default, and the same everywhere, is a default of the model; what depends on the
environment is set here.
"""

from __future__ import annotations

from infra.config import EnvironmentConfig
from infra.config.database import Database, RecoveryTier
from infra.config.network import Network, Reach
from infra.desired.keys import KeyPurpose, key_ref
from infra.desired.model import LOG_EXPORTS, DatabaseRole, DesiredDatabase, DesiredLogGroup
from infra.desired.names import Names
from infra.desired.networks import network_name
from infra.desired.parameter_groups import parameter_group_name
from infra.desired.reference import DatabaseRef, NetworkRef, RoleRef, SecretRef

MONITORING_ROLE = "role-rds-monitoring"


def database_name(region: str) -> str:
    """Return the logical name of a region's database."""
    return f"database-{region}"


def subnet_group_name(region: str) -> str:
    """Return the logical name of a region's subnet group."""
    return f"subnets-{region}"


def database_regions(config: EnvironmentConfig) -> tuple[str, ...]:
    """Return the regions that have a database, in the order of the topology."""
    database, topology = config.database, config.topology
    if database is None:
        return ()
    return tuple(
        region
        for region in topology.regions
        if region == topology.primary_region
        or database.recovery_tier is RecoveryTier.REPLICA
        or region in database.kept_regions
    )


def build_databases(config: EnvironmentConfig) -> tuple[DesiredDatabase, ...]:
    """Return the databases of an environment."""
    database, network = config.database, config.network
    if database is None or network is None:
        return ()
    return tuple(_build(config, database, network, region) for region in database_regions(config))


def database_role(config: EnvironmentConfig, region: str) -> DatabaseRole:
    """Return what a region's database is for at present."""
    if region == config.topology.primary_region:
        return DatabaseRole.PRIMARY
    is_replica = config.database is not None and config.database.recovery_tier is RecoveryTier.REPLICA
    return DatabaseRole.REPLICA if is_replica else DatabaseRole.FORMER


def _build(config: EnvironmentConfig, database: Database, network: Network, region: str) -> DesiredDatabase:
    role, identifier = database_role(config, region), Names.of(config).regional(region, "database")
    primary = DatabaseRef(database_name(config.topology.primary_region))
    return DesiredDatabase(
        name=database_name(region),
        physical_name=identifier,
        region=region,
        role=role,
        source=primary if role is DatabaseRole.REPLICA else None,
        engine_version=database.engine_version,
        instance_class=database.instance_class,
        storage_gib=database.storage_gib,
        max_storage_gib=database.max_storage_gib,
        key=key_ref(KeyPurpose.DATABASE, region),
        database_name=database.name,
        master_username=database.master_username,
        master_secret=SecretRef(f"secret-{database.master_secret}"),
        port=database.port,
        multi_az=database.multi_az and role is DatabaseRole.PRIMARY,
        subnet_group=subnet_group_name(region),
        parameter_group=parameter_group_name(region),
        network=NetworkRef(network_name(region)),
        publicly_accessible=network.reach is Reach.ALLOWLIST,
        backup_retention_days=database.retention_days,
        backup_window=database.backup_window,
        maintenance_window=database.maintenance_window,
        delete_automated_backups=not config.protected,
        deletion_protection=config.protected,
        skip_final_snapshot=not config.protected,
        final_snapshot_name=f"{identifier}-final",
        log_groups=_log_groups(database, region, identifier),
        monitoring_interval_s=database.monitoring_interval_s,
        monitoring_role=RoleRef(MONITORING_ROLE) if database.monitoring_interval_s else None,
        auto_minor_version_upgrade="." not in database.engine_version,
        protected=config.protected,
        retain_on_delete=config.protected,
    )


def _log_groups(database: Database, region: str, identifier: str) -> tuple[DesiredLogGroup, ...]:
    return tuple(
        DesiredLogGroup(
            name=f"{database_name(region)}-log-{export}",
            physical_name=f"/aws/rds/instance/{identifier}/{export}",
            region=region,
            key=key_ref(KeyPurpose.OPERATIONS, region),
            retention_days=database.log_retention_days,
        )
        for export in LOG_EXPORTS
    )
