"""Replication of an S3 bucket into others."""

from __future__ import annotations

from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.spelling import from_service, to_service
from localcloud.provider_aws.tags import to_pairs
from localcloud.provider_aws.types.s3.bucket_setting import bucket_setting

_SPELLING = {"id": "ID", "replicaKmsKeyId": "ReplicaKmsKeyID"}
_DROPPED = "the local cloud does not keep it"


def _put(cloud: Cloud, bucket: str, inputs: Properties) -> None:
    rules = [_to_rule(rule) for rule in inputs["rules"]]
    cloud.client().put_bucket_replication(
        Bucket=bucket, ReplicationConfiguration={"Role": inputs["role"], "Rules": rules}
    )


def _to_rule(rule: Properties) -> Value:
    spelled = to_service(rule, _SPELLING)
    both = (spelled.get("Filter") or {}).get("And")
    if both and "Tags" in both:
        both["Tags"] = to_pairs(rule["filter"]["and"]["tags"])
    return spelled


def _read(cloud: Cloud, bucket: str) -> Properties | None:
    answer = cloud.client().get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]
    return {"bucket": bucket, "role": answer["Role"], "rules": from_service(answer["Rules"], _SPELLING)}


def _delete(cloud: Cloud, bucket: str, _known: Properties) -> None:
    cloud.client().delete_bucket_replication(Bucket=bucket)


TYPE = bucket_setting(
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    put=_put,
    read=_read,
    delete=_delete,
    absent="ReplicationConfigurationNotFoundError",
    sticky=("rules[*].id", "rules[*].prefix"),
    write_only={
        "token": "a password of AWS support for one call, never kept",
        "rules[*].deleteMarkerReplication": _DROPPED,
        "rules[*].existingObjectReplication": _DROPPED,
        "rules[*].filter": _DROPPED,
        "rules[*].sourceSelectionCriteria": _DROPPED,
    },
)
