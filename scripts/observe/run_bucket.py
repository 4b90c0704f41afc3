"""Whether a bucket can be what runs are written down in: conditional writes, versions, Object Lock.

The lease rests on conditional writes. The one tried here names a version of an object that does not exist, so
S3 has to refuse it, and nothing is written; permission is asked for before the condition is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scripts.observe.aws import SaidNo, asking

PROBE = "lifeboat/preflight"
_HELD = frozenset({"NoSuchKey", "PreconditionFailed", "404", "412"})
_NO_LOCK = "ObjectLockConfigurationNotFoundError"
_NO_SUCH_VERSION = '"00000000000000000000000000000000"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """How a bucket keeps what it holds.

    Args:
        versioning: `Enabled`, `Suspended`, or empty when it never was.
        lock_days: default retention of Object Lock in days; 0 for a lock without one, None without a lock.
    """

    versioning: str
    lock_days: int | None


def holds_conditions(s3: Any, bucket: str) -> bool:  # noqa: ANN401  # boto3 clients have no type
    """Tell whether a write to the bucket is refused when its condition does not hold.

    Raises:
        NoAnswer: nobody answered.
        SaidNo: we may not write there, or there is no such bucket.

    Effects: none, but in a store that does not hold conditions: there one small object is left.
    Source: S3 user guide, "How to prevent object overwrites with conditional writes" (404 for If-Match on
    a key that is not there).
    """
    try:
        with asking(f"conditional write to s3://{bucket}"):
            s3.put_object(Bucket=bucket, Key=PROBE, Body=b"", IfMatch=_NO_SUCH_VERSION)
    except SaidNo as error:
        if error.code in _HELD:
            return True
        raise
    return False


def see_protection(s3: Any, bucket: str) -> Protection:  # noqa: ANN401  # as above
    """Return how the bucket keeps what it holds.

    Raises:
        NoAnswer, SaidNo: nobody knows.

    Source: S3 API, GetBucketVersioning and GetObjectLockConfiguration.
    """
    with asking(f"versioning of s3://{bucket}"):
        versioning = s3.get_bucket_versioning(Bucket=bucket).get("Status", "")
    try:
        with asking(f"Object Lock of s3://{bucket}"):
            lock = s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    except SaidNo as error:
        if error.code == _NO_LOCK:
            return Protection(versioning=versioning, lock_days=None)
        raise
    rule = lock.get("Rule", {}).get("DefaultRetention", {})
    return Protection(versioning=versioning, lock_days=rule.get("Days", 365 * rule.get("Years", 0)))
