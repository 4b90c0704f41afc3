"""Versioning of an S3 bucket. Deleting it suspends versioning: no bucket gets back to never-versioned."""

from __future__ import annotations

from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change, ResourceType

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


def _create(cloud: Cloud, inputs: Properties) -> str:
    _put(cloud, inputs["bucket"], inputs)
    return str(inputs["bucket"])


def _read(cloud: Cloud, bucket: str) -> Properties | None:
    answer = cloud.client().get_bucket_versioning(Bucket=bucket)
    configuration = {"status": answer.get("Status", _NEVER), "mfaDelete": answer.get("MFADelete", "")}
    return {"bucket": bucket, "versioningConfiguration": configuration}


def _update(cloud: Cloud, bucket: str, change: Change) -> None:
    _put(cloud, bucket, change.new)


def _delete(cloud: Cloud, bucket: str, known: Properties) -> None:
    if known["versioningConfiguration"]["status"] != _NEVER:
        cloud.client().put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


TYPE = ResourceType(
    type="aws:s3/bucketVersioning:BucketVersioning",
    service="s3",
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"NoSuchBucket"}),
    force_new=("bucket", "expectedBucketOwner"),
    sticky=("versioningConfiguration.mfaDelete",),
    write_only={
        "expectedBucketOwner": "a condition of the call, not kept",
        "mfa": "a device's serial number and code, never kept",
    },
)
