"""The public access block of an S3 bucket."""

from __future__ import annotations

from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.spelling import from_service, to_service
from localcloud.provider_aws.types.s3.bucket_setting import bucket_setting

_SWITCHES = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def _put(cloud: Cloud, bucket: str, inputs: Properties) -> None:
    switches = {name: inputs[name] for name in _SWITCHES}
    cloud.client().put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=to_service(switches))


def _read(cloud: Cloud, bucket: str) -> Properties | None:
    answer = cloud.client().get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    return {"bucket": bucket, **from_service(answer)}


def _delete(cloud: Cloud, bucket: str, known: Properties) -> None:
    if not known.get("skipDestroy"):
        cloud.client().delete_public_access_block(Bucket=bucket)


TYPE = bucket_setting(
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    put=_put,
    read=_read,
    delete=_delete,
    absent="NoSuchPublicAccessBlockConfiguration",
    defaults=dict.fromkeys(_SWITCHES, False),
    write_only={"skipDestroy": "a wish of the program, not a property of the bucket"},
)
