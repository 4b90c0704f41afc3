"""Builds the backup buckets, one per region, copied both ways, and the trail's bucket in the home region.

Copying both ways means that a failover changes nothing here: whichever region writes, the other one has it.
Replicas are not replicated again (S3 user guide, "What does Amazon S3 replicate?"), so there is no loop.
"""

from __future__ import annotations

from infra.config import EnvironmentConfig
from infra.config.backups import Backups
from infra.desired.bucket_policy import backup_bucket_policy, trail_bucket_policy
from infra.desired.keys import KeyPurpose, key_ref
from infra.desired.model import (
    BucketPurpose,
    BucketReplication,
    DesiredBucket,
    LifecycleRule,
    ObjectLock,
    Transition,
)
from infra.desired.names import Names
from infra.desired.reference import BucketRef, RoleRef
from lifeboat.core.identity import resource_name

REPLICATION_ROLE = "role-replication"
TRAIL_BUCKET_NAME = "trail-files"
# S3 Replication Time Control promises, and measures, exactly this.
REPLICATION_MINUTES = 15
_ABORT_MULTIPART_DAYS = 7
_TO_INFREQUENT_DAYS, _TO_GLACIER_DAYS = 30, 90
# A version may go only some time after its lock and its retention have ended.
_GRACE_DAYS = 7
# Both classes bill at least this long.
_SHORTEST_STAY_DAYS = 30


def backup_bucket_name(region: str) -> str:
    """Return the logical name of a region's backup bucket."""
    return f"backups-{region}"


def build_buckets(config: EnvironmentConfig) -> tuple[DesiredBucket, ...]:
    """Return the backup buckets, home first, then the trail's bucket when there is a trail."""
    home, other = config.topology.regions
    buckets = (_backup_bucket(config, home, other), _backup_bucket(config, other, home))
    return (*buckets, _trail_bucket(config)) if config.audit.enabled else buckets


def trail_bucket_name(config: EnvironmentConfig) -> str:
    """Return the physical name of the trail's bucket."""
    noun = f"trail-{config.backups.bucket_suffix}"
    return resource_name(config.product, config.environment, config.topology.home_region, noun)


def _backup_bucket(config: EnvironmentConfig, region: str, other: str) -> DesiredBucket:
    names, backups = Names.of(config), config.backups
    bucket, key = names.backup_bucket(region, backups.bucket_suffix), key_ref(KeyPurpose.BACKUPS, region)
    lock = backups.object_lock
    return DesiredBucket(
        name=backup_bucket_name(region),
        physical_name=bucket,
        region=region,
        purpose=BucketPurpose.BACKUPS,
        key=key,
        object_lock=None if lock is None else ObjectLock(mode=lock.mode, days=lock.days),
        lifecycle=_backup_lifecycle(backups),
        replication=build_replication(other) if backups.replication else None,
        policy=backup_bucket_policy(bucket, key, names, protected=config.protected),
        force_destroy=not config.protected,
        protected=config.protected,
        retain_on_delete=config.protected,
    )


def _backup_lifecycle(backups: Backups) -> tuple[LifecycleRule, ...]:
    """Return the rule of a backup bucket.

    It touches noncurrent versions only: a current backup ends when the backup job has verified a newer one,
    never because time has passed.
    """
    locked_days = backups.object_lock.days if backups.object_lock is not None else 0
    expiration_days = max(backups.retention_days, locked_days) + _GRACE_DAYS
    transitions = (
        Transition(days=_TO_INFREQUENT_DAYS, storage_class="STANDARD_IA"),
        Transition(days=_TO_GLACIER_DAYS, storage_class="GLACIER_IR"),
    )
    return (
        LifecycleRule(
            id="end-noncurrent-versions",
            abort_multipart_days=_ABORT_MULTIPART_DAYS,
            noncurrent_transitions=tuple(
                each for each in transitions if each.days + _SHORTEST_STAY_DAYS <= expiration_days
            ),
            noncurrent_expiration_days=expiration_days,
        ),
    )


def build_replication(target_region: str) -> BucketReplication:
    """Return the rule that copies everything into a region's backup bucket."""
    return BucketReplication(
        target=BucketRef(backup_bucket_name(target_region)),
        target_region=target_region,
        target_key=key_ref(KeyPurpose.BACKUPS, target_region),
        role=RoleRef(REPLICATION_ROLE),
        storage_class="STANDARD_IA",
        time_minutes=REPLICATION_MINUTES,
        delete_markers=False,
    )


def _trail_bucket(config: EnvironmentConfig) -> DesiredBucket:
    region, bucket = config.topology.home_region, trail_bucket_name(config)
    rule = LifecycleRule(
        id="end-old-files",
        abort_multipart_days=_ABORT_MULTIPART_DAYS,
        expiration_days=config.audit.retention_days,
        noncurrent_expiration_days=_TO_INFREQUENT_DAYS,
    )
    return DesiredBucket(
        name=TRAIL_BUCKET_NAME,
        physical_name=bucket,
        region=region,
        purpose=BucketPurpose.TRAIL,
        key=key_ref(KeyPurpose.OPERATIONS, region),
        object_lock=None,
        lifecycle=(rule,),
        replication=None,
        policy=trail_bucket_policy(bucket, region, Names.of(config).account("trail")),
        force_destroy=not config.protected,
        protected=config.protected,
        retain_on_delete=config.protected,
    )
