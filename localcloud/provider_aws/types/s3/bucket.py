"""S3 buckets: one that holds anything goes only with `forceDestroy`. Settings are types of their own."""

from __future__ import annotations

from lifeboat.core.errors import StepFailed
from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import from_pairs, to_pairs

_BATCH = 1000
_ZONE_IDS = {
    "us-east-1": "Z3AQBSTGFYJSTF",
    "us-east-2": "Z2O1EMRO9K5GLX",
    "us-west-1": "Z2F56UZL2M1ACD",
    "us-west-2": "Z3BJ6K6RIION7M",
    "eu-central-1": "Z21DNDUVLTQW6Q",
    "eu-west-1": "Z1BKCTXD74EZPE",
}
"""Route 53 zones of S3 website endpoints ("Amazon S3 endpoints and quotas", AWS General Reference)."""


def _create(cloud: Cloud, inputs: Properties) -> str:
    arguments: Properties = {"Bucket": inputs["bucket"]}
    if cloud.region != "us-east-1":
        arguments["CreateBucketConfiguration"] = {"LocationConstraint": cloud.region}
    if inputs.get("objectLockEnabled"):
        arguments["ObjectLockEnabledForBucket"] = True
    cloud.client().create_bucket(**arguments)
    return str(inputs["bucket"])


def _tag(cloud: Cloud, bucket: str, inputs: Properties) -> None:
    tags = to_pairs(inputs.get("tags"))
    if tags:
        cloud.client().put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})
    else:
        cloud.client().delete_bucket_tagging(Bucket=bucket)


def _finish(cloud: Cloud, bucket: str, inputs: Properties) -> None:
    if inputs.get("tags"):
        _tag(cloud, bucket, inputs)


def _read(cloud: Cloud, bucket: str) -> Properties | None:
    client = cloud.client()
    client.head_bucket(Bucket=bucket)
    region = client.get_bucket_location(Bucket=bucket).get("LocationConstraint") or "us-east-1"
    return {
        "bucket": bucket,
        "arn": cloud.arn(bucket, region="").replace(cloud.account, ""),
        "bucketRegion": region,
        "bucketDomainName": f"{bucket}.s3.amazonaws.com",
        "bucketRegionalDomainName": f"{bucket}.s3.{region}.amazonaws.com",
        "hostedZoneId": _ZONE_IDS.get(region, ""),
        "objectLockEnabled": _has_object_lock(client, bucket),
        "tags": _tags(client, bucket),
    }


def _has_object_lock(client: Value, bucket: str) -> bool:
    try:
        answer = client.get_object_lock_configuration(Bucket=bucket)
    except client.exceptions.ClientError as error:
        if error.response["Error"]["Code"] == "ObjectLockConfigurationNotFoundError":
            return False
        raise
    return bool(answer["ObjectLockConfiguration"].get("ObjectLockEnabled") == "Enabled")


def _tags(client: Value, bucket: str) -> dict[str, str]:
    try:
        return from_pairs(client.get_bucket_tagging(Bucket=bucket)["TagSet"])
    except client.exceptions.ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchTagSet":
            return {}
        raise


def _update(cloud: Cloud, bucket: str, change: Change) -> None:
    if change.has("tags"):
        _tag(cloud, bucket, change.new)


def _delete(cloud: Cloud, bucket: str, known: Properties) -> None:
    client = cloud.client()
    if known.get("forceDestroy"):
        _empty(client, bucket)
    elif _holds_something(client, bucket):
        raise StepFailed(
            f"bucket {bucket} is not empty (BucketNotEmpty)",
            hint="empty it, or set force_destroy=True and run `pulumi up` before destroying",
        )
    client.delete_bucket(Bucket=bucket)


def _holds_something(client: Value, bucket: str) -> bool:
    page = client.list_object_versions(Bucket=bucket, MaxKeys=1)
    return bool(page.get("Versions") or page.get("DeleteMarkers"))


def _empty(client: Value, bucket: str) -> None:
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        versions = [{"Key": entry["Key"], "VersionId": entry["VersionId"]} for entry in found]
        for start in range(0, len(versions), _BATCH):
            _delete_versions(client, bucket, versions[start : start + _BATCH])


def _delete_versions(client: Value, bucket: str, versions: list[dict[str, str]]) -> None:
    answer = client.delete_objects(
        Bucket=bucket, Delete={"Objects": versions, "Quiet": True}, BypassGovernanceRetention=True
    )
    refused = answer.get("Errors", ())
    if refused:
        first = refused[0]
        raise StepFailed(
            f"bucket {bucket}: {len(refused)} object versions refuse to go, the first is {first['Key']}"
            f" ({first.get('Code')})",
            hint="locked objects go only when their retention has ended",
        )


TYPE = ResourceType(
    type="aws:s3/bucket:Bucket",
    service="s3",
    create=_create,
    finish=_finish,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"NoSuchBucket", "404"}),
    name=Autoname(key="bucket", prefix_key="bucketPrefix", longest=63, lower=True),
    force_new=("bucket", "bucketPrefix", "bucketNamespace", "objectLockEnabled"),
    defaults={"forceDestroy": False},
    sticky=(
        "accelerationStatus",
        "acl",
        "bucketNamespace",
        "corsRules",
        "grants",
        "lifecycleRules",
        "logging",
        "objectLockConfiguration",
        "objectLockEnabled",
        "policy",
        "replicationConfiguration",
        "requestPayer",
        "serverSideEncryptionConfiguration",
        "versioning",
        "website",
    ),
    write_only={
        "forceDestroy": "a wish of the program, not a property of the bucket",
        "bucketPrefix": "the service only knows the resulting name",
    },
)
