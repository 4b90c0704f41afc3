"""Default retention of an S3 bucket. The lock itself never goes: deleting this takes the default away."""

from __future__ import annotations

from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.spelling import from_service, to_service
from localcloud.provider_aws.types.s3.bucket_setting import bucket_setting

_ENABLED = "Enabled"


def _put(cloud: Cloud, bucket: str, inputs: Properties) -> None:
    rule = inputs.get("rule")
    configuration = {"ObjectLockEnabled": _ENABLED, **({"Rule": to_service(rule)} if rule else {})}
    cloud.client().put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=configuration)


def _read(cloud: Cloud, bucket: str) -> Properties | None:
    answer = cloud.client().get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    found: Properties = {"bucket": bucket, "objectLockEnabled": answer.get("ObjectLockEnabled")}
    if "Rule" in answer:
        retention = from_service(answer["Rule"]["DefaultRetention"])
        # The service keeps days or years; the other one may come back as 0.
        found["rule"] = {"defaultRetention": {key: value for key, value in retention.items() if value}}
    return found


def _delete(cloud: Cloud, bucket: str, _known: Properties) -> None:
    _put(cloud, bucket, {})


TYPE = bucket_setting(
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    put=_put,
    read=_read,
    delete=_delete,
    absent="ObjectLockConfigurationNotFoundError",
    force_new=("expectedBucketOwner", "objectLockEnabled"),
    defaults={"objectLockEnabled": _ENABLED},
    write_only={
        "expectedBucketOwner": "a condition of the call, not kept",
        "token": "a password of AWS support for one call, never kept",
    },
)
