"""Something outlives the loss of the primary region: backups, secrets, and the document that says where."""

from __future__ import annotations

from collections.abc import Iterator

from infra.config.problem import Problem
from infra.desired.model import BucketPurpose, DatabaseRole, DesiredBucket, DesiredEnvironment


def recovery_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    """Yield what would be lost with the primary region."""
    yield from _role_problems(desired)
    primary_region = desired.topology.primary_region
    if desired.manifest.region == primary_region:
        yield Problem(path=(desired.manifest.name,), message=f"lies in the primary region {primary_region}")
    region_of = {database.name: database.region for database in desired.databases}
    for replication in desired.backup_replications:
        if replication.region == region_of.get(replication.source.name):
            message = f"copies backups within {replication.region}, whose loss takes both"
            yield Problem(path=(replication.name,), message=message)
    yield from _bucket_problems(desired)
    for secret in desired.secrets:
        if not any(replica.region != secret.region for replica in secret.replicas):
            yield Problem(path=(secret.name,), message=f"has no replica outside {secret.region}")


def _role_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    primaries = [each for each in desired.databases if each.role is DatabaseRole.PRIMARY]
    if desired.databases and len(primaries) != 1:
        yield Problem(path=("databases",), message=f"{len(primaries)} of them are primary, there must be one")
    for database in primaries:
        if database.region != desired.topology.primary_region:
            yield Problem(path=(database.name,), message="is primary outside topology.primary_region")
    for database in desired.databases:
        if (database.role is DatabaseRole.REPLICA) != (database.source is not None):
            yield Problem(path=(database.name,), message="must have a source exactly when it is a replica")


def _bucket_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    buckets = [each for each in desired.buckets if each.purpose is BucketPurpose.BACKUPS]
    for region in desired.topology.regions:
        if region not in {bucket.region for bucket in buckets}:
            yield Problem(path=("backups",), message=f"there is no backup bucket in {region}")
    for bucket in buckets:
        yield from _copy_problems(bucket, {each.name: each for each in buckets})


def _copy_problems(bucket: DesiredBucket, buckets: dict[str, DesiredBucket]) -> Iterator[Problem]:
    copy = bucket.replication
    if copy is None:
        return
    target = buckets.get(copy.target.name)
    if target is None or target.region == bucket.region or target.region != copy.target_region:
        yield Problem(path=(bucket.name, "replication"), message="must lead to a backup bucket elsewhere")
    if copy.delete_markers:
        yield Problem(path=(bucket.name, "replication"), message="must not carry deletions into the copy")
    if not bucket.versioning or (target is not None and not target.versioning):
        yield Problem(path=(bucket.name, "replication"), message="needs versioning on both buckets")
