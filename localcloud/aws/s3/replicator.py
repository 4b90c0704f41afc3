"""Copies what replication rules take, version by version, in order, while both regions can be reached.

The queue lies on moto's backend, so what is pending survives a restart. An object that cannot be copied is
FAILED, as on AWS; one whose regions are cut off stays PENDING: that is what a failover would lose.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.s3.object_lock import OBJECT_LOCK
from localcloud.aws.s3.replication_rules import ReplicationRule, deciding_rules, rules_of
from localcloud.aws.world import World

_SLOT = "lifeboat_replication_queue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """One version, or one delete marker, on its way."""

    bucket: str
    key: str
    version_id: str


def queue_of(backend: MotoObject) -> list[Pending]:
    """Return what waits, oldest first; the list is the store itself."""
    found: list[Pending] = backend.__dict__.setdefault(_SLOT, [])
    return found


def enqueue(backend: MotoObject, bucket: MotoObject, version: MotoObject) -> None:
    """Note a new version when a rule may take it; versions older than the rules are never noted."""
    rules = rules_of(getattr(bucket, "replication_configuration", None))
    if any(version.name.startswith(rule.prefix) for rule in rules):
        version.replication_status = "PENDING"
        queue_of(backend).append(
            Pending(bucket=bucket.name, key=version.name, version_id=str(version.version_id))
        )


def replicate_pending(backend: MotoObject, world: World) -> bool:
    """Copy what waits and can be copied; tell whether anything was."""
    waiting = list(queue_of(backend))
    done = [pending for pending in waiting if _replicate(backend, pending, world)]
    for pending in done:
        queue_of(backend).remove(pending)
    return bool(done)


def _replicate(backend: MotoObject, pending: Pending, world: World) -> bool:
    """Copy one version; tell whether it is off the queue."""
    with OBJECT_LOCK:
        source = backend.buckets.get(pending.bucket)
        version = _find(source, pending)
        if version is None:
            return True
        if not hasattr(version, "metadata"):
            return _replicate_marker(backend, source, version, world)
        tags = backend.tagger.get_tag_dict_for_resource(version.arn)
        rules = rules_of(getattr(source, "replication_configuration", None))
        chosen = deciding_rules(rules, version.name, tags, is_kms=version.encryption == "aws:kms")
        if any(_is_cut(backend, source, rule, world) for rule in chosen):
            return False
        outcomes = [_copy(backend, version, rule) for rule in chosen]
        version.replication_status = ("COMPLETED" if all(outcomes) else "FAILED") if outcomes else None
        return True


def _find(bucket: MotoObject, pending: Pending) -> MotoObject | None:
    versions = bucket.keys.getlist(pending.key, []) if bucket is not None else []
    return next((one for one in versions if str(one.version_id) == pending.version_id), None)


def _is_cut(backend: MotoObject, source: MotoObject, rule: ReplicationRule, world: World) -> bool:
    target = backend.buckets.get(rule.destination)
    regions = {source.region_name} | ({target.region_name} if target is not None else set())
    return any(world.faults.is_region_down(region) for region in regions)


def _copy(backend: MotoObject, version: MotoObject, rule: ReplicationRule) -> bool:
    target = backend.buckets.get(rule.destination)
    if target is None or not target.is_versioned:
        return False
    if version.lock_mode and not target.object_lock_enabled:
        return False
    replica = copy.copy(version)
    replica.multipart = None
    replica.bucket_name, replica.replication_status, replica.acl = target.name, "REPLICA", target.acl
    if rule.storage_class:
        replica.set_storage_class(rule.storage_class)
    _encrypt(replica, target, rule)
    if not replica.lock_mode and target.has_default_lock:
        replica.lock_mode, replica.lock_until = target.default_lock_mode, target.default_retention()
    target.keys.setlist(replica.name, [*target.keys.getlist(replica.name, []), replica])
    backend.tagger.copy_tags(version.arn, replica.arn)
    return True


def _encrypt(replica: MotoObject, target: MotoObject, rule: ReplicationRule) -> None:
    """Note the destination's key: a replica is never under a key of the source region."""
    if rule.replica_kms_key:
        replica.encryption, replica.kms_key_id = "aws:kms", rule.replica_kms_key
    elif target.encryption and replica.encryption is None:
        default = target.encryption["Rule"]["ApplyServerSideEncryptionByDefault"]
        replica.encryption, replica.kms_key_id = default["SSEAlgorithm"], default.get("KMSMasterKeyID")


def _replicate_marker(backend: MotoObject, source: MotoObject, marker: MotoObject, world: World) -> bool:
    rules = rules_of(getattr(source, "replication_configuration", None))
    chosen = [
        rule
        for rule in deciding_rules(rules, marker.name, {}, is_kms=False)
        if rule.takes_delete_markers and not rule.tags
    ]
    if any(_is_cut(backend, source, rule, world) for rule in chosen):
        return False
    for rule in chosen:
        target = backend.buckets.get(rule.destination)
        if target is not None and target.is_versioned and target.keys.getlist(marker.name, []):
            target.keys[marker.name] = copy.copy(marker)
    return True
