"""Builds what stands around the databases: subnet groups, replicated backups, event subscriptions."""

from __future__ import annotations

from infra.config import EnvironmentConfig
from infra.config.database import RecoveryTier
from infra.desired.databases import database_name, database_regions, subnet_group_name
from infra.desired.keys import KeyPurpose, key_ref
from infra.desired.model import (
    DesiredBackupsReplication,
    DesiredEventSubscription,
    DesiredSubnetGroup,
    Severity,
)
from infra.desired.names import Names
from infra.desired.networks import network_name
from infra.desired.reference import DatabaseRef, NetworkRef, TopicRef
from infra.desired.topics import topic_name

# RDS user guide, "Amazon RDS event categories": what somebody should see without looking for it.
EVENT_CATEGORIES = (
    "availability",
    "deletion",
    "failover",
    "failure",
    "low storage",
    "maintenance",
    "notification",
    "read replica",
    "recovery",
)


def build_subnet_groups(config: EnvironmentConfig) -> tuple[DesiredSubnetGroup, ...]:
    """Return a subnet group per region, also where no database stands yet: a restore needs it at once."""
    if config.database is None:
        return ()
    names = Names.of(config)
    return tuple(
        DesiredSubnetGroup(
            name=subnet_group_name(region),
            physical_name=names.regional(region, "subnets"),
            region=region,
            description=f"{names.prefix}: zones for a database in {region}",
            network=NetworkRef(network_name(region)),
        )
        for region in config.topology.regions
    )


def build_backup_replications(config: EnvironmentConfig) -> tuple[DesiredBackupsReplication, ...]:
    """Return the replication of the primary's automated backups into the recovery region, by tier."""
    database, topology = config.database, config.topology
    if database is None or database.recovery_tier is RecoveryTier.NONE:
        return ()
    source = database_name(topology.primary_region)
    return (
        DesiredBackupsReplication(
            name=f"{source}-backups",
            region=topology.recovery_region,
            source=DatabaseRef(source),
            key=key_ref(KeyPurpose.DATABASE, topology.recovery_region),
            retention_days=database.retention_days,
        ),
    )


def build_event_subscriptions(config: EnvironmentConfig) -> tuple[DesiredEventSubscription, ...]:
    """Return a subscription per region that has a database."""
    names = Names.of(config)
    return tuple(
        DesiredEventSubscription(
            name=f"{database_name(region)}-events",
            physical_name=names.regional(region, "database-events"),
            region=region,
            topic=TopicRef(topic_name(Severity.WARNING, region)),
            databases=(DatabaseRef(database_name(region)),),
            categories=EVENT_CATEGORIES,
        )
        for region in database_regions(config)
    )
