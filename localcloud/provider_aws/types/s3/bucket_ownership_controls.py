"""Who owns the objects of an S3 bucket."""

from __future__ import annotations

from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.spelling import from_service, to_service
from localcloud.provider_aws.types.s3.bucket_setting import bucket_setting


def _put(cloud: Cloud, bucket: str, inputs: Properties) -> None:
    controls = {"Rules": [to_service(inputs["rule"])]}
    cloud.client().put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=controls)


def _read(cloud: Cloud, bucket: str) -> Properties | None:
    rules = cloud.client().get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    return {"bucket": bucket, "rule": from_service(rules[0])} if rules else None


def _delete(cloud: Cloud, bucket: str, _known: Properties) -> None:
    cloud.client().delete_bucket_ownership_controls(Bucket=bucket)


TYPE = bucket_setting(
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    put=_put,
    read=_read,
    delete=_delete,
    absent="OwnershipControlsNotFoundError",
)
