"""The promises can be kept with what stands ready: RPO, RTO and retention.

The minutes are planning figures: a recovery's steps as budgeted in the design (detect 5, plan 2, fence 1,
secrets 2, apps 4, traffic 1, verify 3), plus 5 to promote a replica or 40 to restore to a point in time.
Measured drills say how true they are; the alarm on `restore_duration` says when they are not.
"""

from __future__ import annotations

from collections.abc import Iterator

from infra.config.database import RecoveryTier
from infra.config.problem import Problem, problem
from infra.desired.buckets import REPLICATION_MINUTES
from infra.desired.model import BucketPurpose, DesiredBucket, DesiredEnvironment
from lifeboat.core.cron import longest_gap_minutes, parse_schedule

_STEPS_MINUTES, _PROMOTE_MINUTES, _RESTORE_MINUTES = 18, 5, 40
# RDS ships WAL every 5 minutes and copies it on; a replica is behind by seconds, its alarm by minutes.
_RPO_MINUTES = {RecoveryTier.REPLICA: 5, RecoveryTier.BACKUPS: 30}
_MOST_RDS_RETENTION_DAYS = 35


def objective_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    """Yield the promises that cannot be kept."""
    tier = desired.objectives.tier
    means = f"recovery tier {tier}" if desired.databases else "backups without a database of ours"
    for name, promised, reachable in (
        ("rpo_minutes", desired.objectives.rpo_minutes, _reachable_rpo_minutes(desired)),
        ("rto_minutes", desired.objectives.rto_minutes, _reachable_rto_minutes(desired)),
    ):
        if promised < reachable:
            message = f"{promised} is out of reach of {means}, which needs {reachable}"
            yield problem(f"objectives.{name}", message)
    yield from _retention_problems(desired)


def _reachable_rpo_minutes(desired: DesiredEnvironment) -> int:
    by_tier = _RPO_MINUTES.get(desired.objectives.tier)
    if by_tier is not None:
        return by_tier
    return longest_gap_minutes(parse_schedule(desired.backups.schedule)) + REPLICATION_MINUTES


def _reachable_rto_minutes(desired: DesiredEnvironment) -> int:
    if not desired.databases:
        return _STEPS_MINUTES
    replica = desired.objectives.tier is RecoveryTier.REPLICA
    return _STEPS_MINUTES + (_PROMOTE_MINUTES if replica else _RESTORE_MINUTES)


def _retention_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    wanted_days = desired.objectives.retention_days
    rds_days = min(wanted_days, _MOST_RDS_RETENTION_DAYS)
    kept = [(database.name, database.backup_retention_days) for database in desired.databases]
    kept += [(replication.name, replication.retention_days) for replication in desired.backup_replications]
    for name, days in kept:
        if days < rds_days:
            yield Problem(path=(name,), message=f"keeps backups {days} days, the objective is {rds_days}")
    for bucket in desired.buckets:
        if bucket.purpose is BucketPurpose.BACKUPS:
            yield from _bucket_problems(bucket, desired.backups.retention_days)
    if desired.backups.retention_days < wanted_days:
        message = f"keeps backups {desired.backups.retention_days} days, the objective is {wanted_days}"
        yield problem("backups.retention_days", message)


def _bucket_problems(bucket: DesiredBucket, retention_days: int) -> Iterator[Problem]:
    if bucket.object_lock is not None and bucket.object_lock.days < retention_days:
        message = f"locks {bucket.object_lock.days} days, backups are kept {retention_days}"
        yield Problem(path=(bucket.name, "object_lock"), message=message)
    for rule in bucket.lifecycle:
        path = (bucket.name, "lifecycle", rule.id)
        if rule.expiration_days is not None:
            yield Problem(path=path, message="ends current backups by age alone")
        expiration_days = rule.noncurrent_expiration_days
        if expiration_days is not None and expiration_days <= retention_days:
            message = f"ends versions after {expiration_days} days, backups are kept {retention_days}"
            yield Problem(path=path, message=message)
