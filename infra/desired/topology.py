"""Builds what is said about an environment: topology, objectives, backup plan, pool, manifest's place."""

from __future__ import annotations

from infra.config import EnvironmentConfig
from infra.config.database import RecoveryTier
from infra.desired.buckets import backup_bucket_name
from infra.desired.keys import KeyPurpose, key_ref
from infra.desired.model import (
    DesiredBackupPlan,
    DesiredConnections,
    DesiredManifest,
    DesiredObjectives,
    DesiredTopology,
    FlyRegion,
)
from infra.desired.names import Names
from infra.desired.reference import BucketRef
from lifeboat.core.identity import MANIFEST_KEY


def build_topology(config: EnvironmentConfig) -> DesiredTopology:
    """Return the two regions and their parts."""
    topology = config.topology
    return DesiredTopology(
        home_region=topology.home_region,
        other_region=topology.other_region,
        primary_region=topology.primary_region,
        recovery_region=topology.recovery_region,
        fly_regions=tuple(
            FlyRegion(region=region, fly_region=topology.fly_regions[region]) for region in topology.regions
        ),
    )


def build_objectives(config: EnvironmentConfig) -> DesiredObjectives:
    """Return the promises and the means; without a database there is no more than the backup buckets."""
    objectives, database = config.objectives, config.database
    return DesiredObjectives(
        rto_minutes=objectives.rto_minutes,
        rpo_minutes=objectives.rpo_minutes,
        retention_days=objectives.retention_days,
        tier=RecoveryTier.NONE if database is None else database.recovery_tier,
    )


def build_backup_plan(config: EnvironmentConfig) -> DesiredBackupPlan:
    """Return when logical backups run and how long they stay."""
    return DesiredBackupPlan(schedule=config.backups.schedule, retention_days=config.backups.retention_days)


def build_connections(config: EnvironmentConfig) -> DesiredConnections | None:
    """Return the app's pool, None without a database."""
    if config.database is None:
        return None
    return DesiredConnections(pool_min=config.database.pool.min, pool_max=config.database.pool.max)


def build_manifest(config: EnvironmentConfig) -> DesiredManifest:
    """Return the manifest's place: the recovery region, which still answers when the other is lost."""
    region = config.topology.recovery_region
    return DesiredManifest(
        name=f"manifest-{region}",
        region=region,
        bucket=BucketRef(backup_bucket_name(region)),
        bucket_name=Names.of(config).backup_bucket(region, config.backups.bucket_suffix),
        object_key=MANIFEST_KEY,
        key=key_ref(KeyPurpose.BACKUPS, region),
    )
