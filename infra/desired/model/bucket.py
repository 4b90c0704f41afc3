"""An S3 bucket and its separate settings: versioning, encryption, lock, lifecycle, replication, policy.

The settings are separate Pulumi resources; their logical names are `<bucket name>-<setting>`, for example
`backups-us-west-1-versioning`, `-encryption`, `-public-access`, `-ownership`, `-lifecycle`, `-object-lock`,
`-replication`, `-policy`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from infra.config.backups import LockMode
from infra.desired.policy_document import PolicyDocument
from infra.desired.reference import BucketRef, KeyRef, RoleRef


class BucketPurpose(StrEnum):
    """What a bucket holds."""

    BACKUPS = "backups"
    TRAIL = "trail"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectLock:
    """The default retention of every new object version."""

    mode: LockMode
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """Noncurrent versions move to `storage_class` after `days`."""

    days: int
    storage_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleRule:
    """One rule for a prefix (empty: everything); None means the rule does not say."""

    id: str
    prefix: str = ""
    abort_multipart_days: int | None = None
    expiration_days: int | None = None
    noncurrent_transitions: tuple[Transition, ...] = ()
    noncurrent_expiration_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketReplication:
    """Every new object goes to `target` too, within `time_minutes`; delete markers stay behind.

    Needs versioning on both buckets first. `rule_id` is also a dimension of the metrics of failed copies.
    """

    target: BucketRef
    target_region: str
    target_key: KeyRef
    role: RoleRef
    storage_class: str
    time_minutes: int
    delete_markers: bool
    rule_id: str = "everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAccessBlock:
    """The four switches; an invariant demands all of them."""

    block_public_acls: bool = True
    block_public_policy: bool = True
    ignore_public_acls: bool = True
    restrict_public_buckets: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredBucket:
    """A bucket.

    Args:
        name: logical name, `backups-<region>`; a failover never changes it.
        physical_name: the bucket's name among all AWS accounts.
        object_lock: None means the bucket is created without Object Lock (it cannot be taken away later).
        policy: must be set after every other setting: it lets only two roles change them.
        force_destroy: true only in unprotected environments: destroy then empties the bucket first.
    """

    name: str
    physical_name: str
    region: str
    purpose: BucketPurpose
    key: KeyRef
    object_lock: ObjectLock | None
    lifecycle: tuple[LifecycleRule, ...]
    replication: BucketReplication | None
    policy: PolicyDocument
    force_destroy: bool
    protected: bool
    retain_on_delete: bool
    sse_algorithm: str = "aws:kms"
    bucket_key: bool = True
    blocked_encryption_types: tuple[str, ...] = ("SSE-C",)
    versioning: bool = True
    object_ownership: str = "BucketOwnerEnforced"
    public_access_block: PublicAccessBlock = PublicAccessBlock()
