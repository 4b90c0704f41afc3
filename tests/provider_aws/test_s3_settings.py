"""The settings of an S3 bucket: each a type of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.provider_aws.conftest import HOME, OTHER, CountingSessions, MakeResource
from tests.provider_aws.life import Life, live

KEY = f"arn:aws:kms:{HOME}:123456789012:key/k"
ROLE = "arn:aws:iam::123456789012:role/replication"


def _policy(action: str) -> dict[str, Any]:
    statement = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"}
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    return {"Version": "2012-10-17", "Statement": [{**statement, "Condition": condition}]}


@pytest.fixture
def bucket(boto: Callable[..., Any], request: pytest.FixtureRequest) -> str:
    """A versioned bucket with object lock, made by hand."""
    name = f"b-{request.node.name[:50].replace('_', '-').replace('[', '-').replace(']', '')}"
    boto("s3").create_bucket(
        Bucket=name,
        CreateBucketConfiguration={"LocationConstraint": HOME},
        ObjectLockEnabledForBucket=True,
    )
    return name


def test_encryption_lives(
    resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any], bucket: str
) -> None:
    default = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY}
    rule = {"applyServerSideEncryptionByDefault": default, "bucketKeyEnabled": True}
    plain = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    live(
        resource("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"),
        Life(
            inputs={"bucket": bucket, "rules": [{**rule, "blockedEncryptionTypes": ["SSE-C"]}]},
            bad={
                "rules": {"rules": None},
                "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm": {
                    "rules": [{"applyServerSideEncryptionByDefault": {}}]
                },
                "rules[0].bucketKeyEnable": {"rules": [{"bucketKeyEnable": True}]},
            },
            changes={"rules": [{**rule, "bucketKeyEnabled": False}]},
            replacing={"bucket": {"bucket": "another"}},
            by_hand=lambda name, _: boto("s3").put_bucket_encryption(
                Bucket=name, ServerSideEncryptionConfiguration=plain
            ),
            drifted="rules",
        ),
        sessions,
    )


def test_the_public_access_block_lives(
    resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any], bucket: str
) -> None:
    outputs = live(
        resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"),
        Life(
            inputs={"bucket": bucket, "blockPublicAcls": True, "blockPublicPolicy": True},
            bad={"blockPublicAcls": {"blockPublicAcls": "true"}},
            changes={"ignorePublicAcls": True},
            replacing={"bucket": {"bucket": "another"}},
            by_hand=lambda name, _: boto("s3").put_public_access_block(
                Bucket=name, PublicAccessBlockConfiguration={"BlockPublicAcls": False}
            ),
            drifted="blockPublicAcls",
        ),
        sessions,
    )
    assert outputs["restrictPublicBuckets"] is False


def test_ownership_controls_live(
    resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any], bucket: str
) -> None:
    live(
        resource("aws:s3/bucketOwnershipControls:BucketOwnershipControls"),
        Life(
            inputs={"bucket": bucket, "rule": {"objectOwnership": "BucketOwnerEnforced"}},
            bad={"rule.objectOwnership": {"rule": {"objectOwnership": None}}},
            changes={"rule": {"objectOwnership": "BucketOwnerPreferred"}},
            replacing={"bucket": {"bucket": "another"}},
            by_hand=lambda name, _: boto("s3").put_bucket_ownership_controls(
                Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
            ),
            drifted="rule",
        ),
        sessions,
    )


def test_a_policy_lives(
    resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any], bucket: str
) -> None:
    live(
        resource("aws:s3/bucketPolicy:BucketPolicy"),
        Life(
            inputs={"bucket": bucket, "policy": json.dumps(_policy("s3:*"), indent=1)},
            bad={"policy": {"policy": None}},
            changes={"policy": json.dumps(_policy("s3:PutObject"))},
            replacing={"bucket": {"bucket": "another"}},
            by_hand=lambda name, _: boto("s3").put_bucket_policy(
                Bucket=name, Policy=json.dumps(_policy("s3:GetObject"))
            ),
            drifted="policy",
        ),
        sessions,
    )


def test_a_lifecycle_lives(
    resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any], bucket: str
) -> None:
    expiration = {"noncurrentDays": 35, "newerNoncurrentVersions": 3}
    rules: list[dict[str, Any]] = [
        {
            "id": "old",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
            "noncurrentVersionExpiration": expiration,
            "noncurrentVersionTransitions": [{"noncurrentDays": 30, "storageClass": "GLACIER"}],
        },
        {
            "id": "tagged",
            "status": "Disabled",
            "filter": {"and": {"prefix": "p/", "tags": {"a": "b"}, "objectSizeGreaterThan": 5}},
            "expiration": {"days": 90},
        },
    ]
    by_hand = [{"ID": "old", "Status": "Disabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}]
    live(
        resource("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"),
        Life(
            inputs={"bucket": bucket, "rules": rules},
            bad={
                "rules[0].status": {"rules": [{"id": "x"}]},
                "rules[0].noncurrentVersionExpiration.noncurrentDayz": {
                    "rules": [{**rules[0], "noncurrentVersionExpiration": {"noncurrentDayz": 1}}]
                },
                "rules[0].noncurrentVersionExpiration.noncurrentDays": {
                    "rules": [{**rules[0], "noncurrentVersionExpiration": {"noncurrentDayz": 1}}]
                },
            },
            changes={"rules": [{**rules[0], "abortIncompleteMultipartUpload": {"daysAfterInitiation": 3}}]},
            replacing={"bucket": {"bucket": "another"}},
            by_hand=lambda name, _: boto("s3").put_bucket_lifecycle_configuration(
                Bucket=name, LifecycleConfiguration={"Rules": by_hand}
            ),
            drifted="rules",
            not_imported=frozenset({"rules"}),
        ),
        sessions,
    )


def test_replication_lives(
    resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any], bucket: str
) -> None:
    far = boto("s3", OTHER)
    far.create_bucket(Bucket="the-far-one", CreateBucketConfiguration={"LocationConstraint": OTHER})
    far.put_bucket_versioning(Bucket="the-far-one", VersioningConfiguration={"Status": "Enabled"})
    destination = {
        "bucket": "arn:aws:s3:::the-far-one",
        "storageClass": "STANDARD_IA",
        "encryptionConfiguration": {"replicaKmsKeyId": KEY},
        "replicationTime": {"status": "Enabled", "time": {"minutes": 15}},
        "metrics": {"status": "Enabled", "eventThreshold": {"minutes": 15}},
    }
    rule = {
        "id": "everything",
        "status": "Enabled",
        "priority": 0,
        "filter": {"prefix": ""},
        "deleteMarkerReplication": {"status": "Enabled"},
        "sourceSelectionCriteria": {"sseKmsEncryptedObjects": {"status": "Enabled"}},
        "destination": destination,
    }
    hand_made = {
        "ID": "everything",
        "Status": "Disabled",
        "Priority": 0,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        "Destination": {"Bucket": "arn:aws:s3:::the-far-one"},
    }
    live(
        resource("aws:s3/bucketReplicationConfig:BucketReplicationConfig"),
        Life(
            inputs={"bucket": bucket, "role": ROLE, "rules": [rule]},
            bad={"rules[0].destination": {"rules": [{"status": "Enabled"}]}, "role": {"role": None}},
            changes={"rules": [{**rule, "destination": {**destination, "storageClass": "STANDARD"}}]},
            replacing={"bucket": {"bucket": "another"}},
            by_hand=lambda name, _: boto("s3").put_bucket_replication(
                Bucket=name, ReplicationConfiguration={"Role": ROLE, "Rules": [hand_made]}
            ),
            drifted="rules",
            not_imported=frozenset({"rules"}),
        ),
        sessions,
    )


def test_a_default_retention_goes_but_the_lock_stays(
    resource: MakeResource, boto: Callable[..., Any], bucket: str
) -> None:
    lock = resource("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration")
    assert "rule.defaultRetention.dayz" in lock.failures(
        {"bucket": bucket, "rule": {"defaultRetention": {"dayz": 1}}}
    )
    checked = lock.check({"bucket": bucket, "rule": {"defaultRetention": {"mode": "COMPLIANCE", "days": 30}}})
    resource_id, outputs = lock.create(checked)
    assert lock.refresh(resource_id, checked, outputs) == (resource_id, checked, outputs)
    changed = {**checked, "rule": {"defaultRetention": {"mode": "GOVERNANCE", "years": 1}}}
    answer = lock.diff(resource_id, checked, outputs, changed)
    kinds = {path: change.kind for path, change in answer.detailedDiff.items()}
    assert set(kinds) == {
        "rule.defaultRetention.mode",
        "rule.defaultRetention.days",
        "rule.defaultRetention.years",
    }
    outputs = lock.update(resource_id, checked, outputs, changed)
    assert outputs["rule"]["defaultRetention"] == {"mode": "GOVERNANCE", "years": 1}
    assert lock.import_(bucket)[1]["rule"] == changed["rule"]
    lock.delete(resource_id, changed, outputs)
    lock.delete(resource_id, changed, outputs)
    left = boto("s3").get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    assert left == {"ObjectLockEnabled": "Enabled"}


def test_an_object_lives(
    resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any], bucket: str
) -> None:
    outputs = live(
        resource("aws:s3/bucketObjectv2:BucketObjectv2"),
        Life(
            inputs={
                "bucket": bucket,
                "key": "lifeboat/manifest.json",
                "content": "{}",
                "contentType": "application/json",
                "serverSideEncryption": "aws:kms",
                "kmsKeyId": KEY,
                "bucketKeyEnabled": True,
                "forceDestroy": True,
            },
            bad={"key": {"key": 1}, "conten": {"conten": ""}},
            changes={"content": '{"a": 1}'},
            replacing={"key": {"key": "other"}, "bucket": {"bucket": "another"}},
            by_hand=lambda _id, _outputs: boto("s3").put_object(
                Bucket=bucket, Key="lifeboat/manifest.json", Body=b"{}", ContentType="text/plain"
            ),
            drifted="contentType",
            import_id=lambda object_id, _: f"s3://{object_id}",
            not_imported=frozenset({"content", "bucketKeyEnabled", "forceDestroy"}),
        ),
        sessions,
    )
    assert outputs["versionId"]
    assert not boto("s3").list_object_versions(Bucket=bucket).get("Versions")
