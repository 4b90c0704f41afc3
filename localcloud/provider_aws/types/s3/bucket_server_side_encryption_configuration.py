"""Default encryption of an S3 bucket."""

from __future__ import annotations

from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.spelling import from_service, to_service
from localcloud.provider_aws.types.s3.bucket_setting import bucket_setting

_SPELLING = {"sseAlgorithm": "SSEAlgorithm", "kmsMasterKeyId": "KMSMasterKeyID"}


def _put(cloud: Cloud, bucket: str, inputs: Properties) -> None:
    rules = [_rule(rule) for rule in inputs["rules"]]
    configuration = {"Rules": rules}
    cloud.client().put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=configuration)


def _rule(rule: Properties) -> Value:
    blocked = rule.get("blockedEncryptionTypes")
    types = {"blockedEncryptionTypes": {"encryptionType": blocked}} if blocked else {}
    return to_service({**rule, "blockedEncryptionTypes": None, **types}, _SPELLING)


def _read(cloud: Cloud, bucket: str) -> Properties | None:
    answer = cloud.client().get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    return {"bucket": bucket, "rules": from_service(answer["Rules"], _SPELLING)}


def _delete(cloud: Cloud, bucket: str, _known: Properties) -> None:
    cloud.client().delete_bucket_encryption(Bucket=bucket)


TYPE = bucket_setting(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    put=_put,
    read=_read,
    delete=_delete,
    absent="ServerSideEncryptionConfigurationNotFoundError",
    force_new=("expectedBucketOwner",),
    unordered=("rules",),
    sticky=("rules[*].blockedEncryptionTypes",),
    write_only={
        "expectedBucketOwner": "a condition of the call, not kept",
        "rules[*].blockedEncryptionTypes": "the local cloud does not keep it",
    },
)
