"""Everything at rest is encrypted under a key of ours that exists in the region where it is used."""

from __future__ import annotations

from collections.abc import Iterator

from infra.config.problem import Problem
from infra.desired.model import DesiredEnvironment
from infra.desired.reference import KeyRef

_KMS = "aws:kms"
_KEY_MUST = "must rotate and exist in several regions"


def encryption_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    """Yield what would be stored in plain text, or under a key out of reach."""
    rules = [(each.name, each.storage_encrypted, "is not encrypted") for each in desired.databases]
    rules += [
        (each.name, each.sse_algorithm == _KMS, "is not encrypted with a key") for each in desired.buckets
    ]
    rules += [(each.name, each.rotation and each.multi_region, _KEY_MUST) for each in desired.keys]
    yield from (Problem(path=(name,), message=message) for name, holds, message in rules if not holds)
    copies = {(key.name, copy.region) for key in desired.keys for copy in key.copies()}
    for name, region, ref in _uses(desired):
        if ref.region != region:
            yield Problem(path=(name,), message=f"is in {region} but uses a key in {ref.region}")
        elif (ref.name, ref.region) not in copies:
            yield Problem(path=(name,), message=f"uses key {ref.name} in {ref.region}, which does not exist")


def _uses(desired: DesiredEnvironment) -> Iterator[tuple[str, str, KeyRef]]:
    """Yield what uses a key where."""
    groups = tuple(group for database in desired.databases for group in database.log_groups)
    trail = () if desired.trail is None else (desired.trail,)
    with_key = (*desired.databases, *desired.buckets, *desired.topics, *desired.secrets, *groups, *trail)
    for each in (*with_key, *desired.backup_replications, desired.manifest):
        yield each.name, each.region, each.key
    for secret in desired.secrets:
        for replica in secret.replicas:
            yield secret.name, replica.region, replica.key
    for bucket in desired.buckets:
        if bucket.replication is not None:
            yield bucket.name, bucket.replication.target_region, bucket.replication.target_key
