"""The policy of an S3 bucket."""

from __future__ import annotations

from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.types.s3.bucket_setting import bucket_setting


def _put(cloud: Cloud, bucket: str, inputs: Properties) -> None:
    cloud.client().put_bucket_policy(Bucket=bucket, Policy=inputs["policy"])


def _read(cloud: Cloud, bucket: str) -> Properties | None:
    return {"bucket": bucket, "policy": cloud.client().get_bucket_policy(Bucket=bucket)["Policy"]}


def _delete(cloud: Cloud, bucket: str, _known: Properties) -> None:
    cloud.client().delete_bucket_policy(Bucket=bucket)


TYPE = bucket_setting(
    "aws:s3/bucketPolicy:BucketPolicy",
    put=_put,
    read=_read,
    delete=_delete,
    absent="NoSuchBucketPolicy",
    json=("policy",),
)
