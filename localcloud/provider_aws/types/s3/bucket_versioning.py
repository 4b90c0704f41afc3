"""Versioning of an S3 bucket. Deleting it suspends versioning: no bucket gets back to never-versioned."""

from __future__ import annotations

from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.types.s3.bucket_setting import NO_BUCKET, bucket_setting

_NEVER = "Disabled"
"""The genuine provider's word for a bucket that was never versioned; the service answers no status then."""


def _put(cloud: Cloud, bucket: str, inputs: Properties) -> None:
    wanted = inputs["versioningConfiguration"]
    if wanted["status"] == _NEVER:
        return
    configuration = {"Status": wanted["status"]}
    if wanted.get("mfaDelete"):
        configuration["MFADelete"] = wanted["mfaDelete"]
    cloud.client().put_bucket_versioning(Bucket=bucket, VersioningConfiguration=configuration)


def _read(cloud: Cloud, bucket: str) -> Properties | None:
    answer = cloud.client().get_bucket_versioning(Bucket=bucket)
    configuration = {"status": answer.get("Status", _NEVER), "mfaDelete": answer.get("MFADelete", "")}
    return {"bucket": bucket, "versioningConfiguration": configuration}


def _delete(cloud: Cloud, bucket: str, known: Properties) -> None:
    if known["versioningConfiguration"]["status"] != _NEVER:
        cloud.client().put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


TYPE = bucket_setting(
    "aws:s3/bucketVersioning:BucketVersioning",
    put=_put,
    read=_read,
    delete=_delete,
    absent=NO_BUCKET,
    force_new=("expectedBucketOwner",),
    sticky=("versioningConfiguration.mfaDelete",),
    write_only={
        "expectedBucketOwner": "a condition of the call, not kept",
        "mfa": "a device's serial number and code, never kept",
    },
)
