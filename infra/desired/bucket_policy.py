"""The policies of the backup buckets and of the trail's bucket.

Both refuse plain text and old TLS. A backup bucket also refuses the wrong key, and in a protected environment
lets nobody but break-glass delete versions, and nobody but break-glass and deploy change its settings.
"""

from __future__ import annotations

from infra.desired.names import Names
from infra.desired.policy_document import Condition, PolicyDocument, Statement
from infra.desired.reference import AccountId, Joined, KeyRef, Partition, arn, bucket_arn
from infra.desired.statements import allow_service, deny_anyone, deny_plain_text, unless_principal

_DELETE = (
    "s3:BypassGovernanceRetention",
    "s3:DeleteBucket",
    "s3:DeleteObjectVersion",
    "s3:PutObjectLegalHold",
    "s3:PutObjectRetention",
)
_RECONFIGURE = (
    "s3:DeleteBucketPolicy",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutReplicationConfiguration",
)
_KEY_HEADER = "s3:x-amz-server-side-encryption-aws-kms-key-id"
_OWN_KEY_HEADER = "s3:x-amz-server-side-encryption-customer-algorithm"


def backup_bucket_policy(bucket: str, key: KeyRef, names: Names, *, protected: bool) -> PolicyDocument:
    """Return the policy of a backup bucket, by its physical name."""
    guards = _guards(bucket, names) if protected else ()
    return PolicyDocument(statements=(*_transport(bucket), *_encryption(bucket, key), *guards))


def trail_bucket_policy(bucket: str, region: str, trail: str) -> PolicyDocument:
    """Return the policy of the trail's bucket: CloudTrail writes for this one trail, nobody else is named."""
    for_trail = Condition(
        operator="StringEquals",
        key="aws:SourceArn",
        values=(arn("cloudtrail", region, f"trail/{trail}"),),
    )
    owned = Condition(operator="StringEquals", key="s3:x-amz-acl", values=("bucket-owner-full-control",))
    logs = Joined(parts=("arn:", Partition(), f":s3:::{bucket}/AWSLogs/", AccountId(), "/*"))
    service = "cloudtrail.amazonaws.com"
    return PolicyDocument(
        statements=(
            *_transport(bucket),
            allow_service("TrailLooks", service, ("s3:GetBucketAcl",), bucket_arn(bucket), when=(for_trail,)),
            allow_service("TrailWrites", service, ("s3:PutObject",), logs, when=(for_trail, owned)),
        )
    )


def _transport(bucket: str) -> tuple[Statement, ...]:
    both = (bucket_arn(bucket), bucket_arn(bucket, "/*"))
    old = Condition(operator="NumericLessThan", key="s3:TlsVersion", values=("1.2",))
    return (
        deny_plain_text(("s3:*",), *both),
        deny_anyone("DenyOldTls", ("s3:*",), *both, when=(old,)),
    )


def _encryption(bucket: str, key: KeyRef) -> tuple[Statement, ...]:
    """Return the denial of other keys; a request that names none gets the bucket's key by default."""
    objects = bucket_arn(bucket, "/*")
    put = ("s3:PutObject",)
    named = Condition(operator="Null", key=_KEY_HEADER, values=("false",))
    other = Condition(operator="StringNotEquals", key=_KEY_HEADER, values=(key,))
    customer = Condition(operator="Null", key=_OWN_KEY_HEADER, values=("false",))
    return (
        deny_anyone("DenyOtherKeys", put, objects, when=(named, other)),
        deny_anyone("DenyCustomerKeys", put, objects, when=(customer,)),
    )


def _guards(bucket: str, names: Names) -> tuple[Statement, ...]:
    both = (bucket_arn(bucket), bucket_arn(bucket, "/*"))
    breakglass, deploy = names.role_arn("breakglass"), names.role_arn("deploy")
    return (
        deny_anyone("OnlyBreakglassDeletes", _DELETE, *both, when=unless_principal(breakglass)),
        deny_anyone(
            "OnlyDeployReconfigures",
            _RECONFIGURE,
            bucket_arn(bucket),
            when=unless_principal(breakglass, deploy),
        ),
    )
