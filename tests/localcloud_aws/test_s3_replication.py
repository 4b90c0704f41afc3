"""S3 replication and configurations that read back as written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.localcloud_aws.cloud_process import CLOCK, CloudProcess
from tests.localcloud_aws.rds_world import AWAY, HOME, make_key
from tests.localcloud_aws.s3_world import make_bucket, make_versioned_bucket

ROLE = "arn:aws:iam::123456789012:role/replication"


def _replicate(cloud: CloudProcess, **rule: object) -> dict[str, Any]:
    make_versioned_bucket(cloud, "source", HOME)
    make_versioned_bucket(cloud, "target", AWAY)
    whole: dict[str, object] = {
        "ID": "all",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        "Destination": {"Bucket": "arn:aws:s3:::target"},
        **rule,
    }
    configuration = {"Role": ROLE, "Rules": [whole]}
    cloud.client("s3").put_bucket_replication(Bucket="source", ReplicationConfiguration=configuration)
    return configuration


def _eventually(check: Callable[[], bool]) -> bool:
    deadline_s = CLOCK.monotonic_s() + 10
    while not check() and CLOCK.monotonic_s() < deadline_s:
        CLOCK.sleep(0.05)
    return check()


def _status(cloud: CloudProcess, bucket: str, key: str) -> str:
    return str(cloud.client("s3").head_object(Bucket=bucket, Key=key).get("ReplicationStatus", ""))


def test_new_versions_arrive_with_version_metadata_and_tags_and_old_ones_do_not(cloud: CloudProcess) -> None:
    make_versioned_bucket(cloud, "source", HOME)
    make_versioned_bucket(cloud, "target", AWAY)
    home, away = cloud.client("s3"), cloud.client("s3", AWAY)
    home.put_object(Bucket="source", Key="old", Body=b"x")
    rule = {
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": "arn:aws:s3:::target", "StorageClass": "STANDARD_IA"},
    }
    configuration = {"Role": ROLE, "Rules": [rule]}
    home.put_bucket_replication(Bucket="source", ReplicationConfiguration=configuration)
    made = home.put_object(Bucket="source", Key="new", Body=b"y", Metadata={"a": "b"}, Tagging="t=1")
    assert _eventually(lambda: _status(cloud, "source", "new") == "COMPLETED")
    replica = away.head_object(Bucket="target", Key="new")
    assert replica["VersionId"] == made["VersionId"]
    assert replica["Metadata"] == {"a": "b"}
    assert replica["StorageClass"] == "STANDARD_IA"
    assert replica["ReplicationStatus"] == "REPLICA"
    assert away.get_object_tagging(Bucket="target", Key="new")["TagSet"] == [{"Key": "t", "Value": "1"}]
    assert away.get_object(Bucket="target", Key="new")["Body"].read() == b"y"
    assert [item["Key"] for item in away.list_objects_v2(Bucket="target")["Contents"]] == ["new"]
    home.delete_object(Bucket="source", Key="new")
    cloud.advance(1)
    away.head_object(Bucket="target", Key="new")


def test_delete_markers_follow_where_configured_but_deleted_versions_stay(cloud: CloudProcess) -> None:
    _replicate(cloud)
    home, away = cloud.client("s3"), cloud.client("s3", AWAY)
    version = home.put_object(Bucket="source", Key="k", Body=b"y")["VersionId"]
    assert _eventually(lambda: _status(cloud, "source", "k") == "COMPLETED")
    home.delete_object(Bucket="source", Key="k")
    assert _eventually(lambda: "DeleteMarkers" in away.list_object_versions(Bucket="target"))
    home.delete_object(Bucket="source", Key="k", VersionId=version)
    cloud.advance(1)
    kept = away.list_object_versions(Bucket="target")["Versions"]
    assert [item["VersionId"] for item in kept] == [version]


def test_kms_objects_are_taken_only_when_the_rule_says_so_and_get_the_other_regions_key(
    cloud: CloudProcess,
) -> None:
    home_key, away_key = make_key(cloud, HOME), make_key(cloud, AWAY)
    destination = {
        "Bucket": "arn:aws:s3:::target",
        "EncryptionConfiguration": {"ReplicaKmsKeyID": away_key},
    }
    criteria = {"SseKmsEncryptedObjects": {"Status": "Enabled"}}
    _replicate(cloud, Destination=destination, SourceSelectionCriteria=criteria)
    kms = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": home_key}
    cloud.client("s3").put_object(Bucket="source", Key="k", Body=b"y", **kms)
    assert _eventually(lambda: _status(cloud, "source", "k") == "COMPLETED")
    assert cloud.client("s3", AWAY).head_object(Bucket="target", Key="k")["SSEKMSKeyId"] == away_key


def test_replication_waits_while_a_region_is_lost_and_goes_on_afterwards(cloud: CloudProcess) -> None:
    _replicate(cloud)
    cloud.admin("POST", "faults", {"kind": "drop", "region": AWAY})
    cloud.client("s3").put_object(Bucket="source", Key="k", Body=b"y")
    cloud.advance(60)
    assert _status(cloud, "source", "k") == "PENDING"
    cloud.admin("DELETE", "faults")
    assert _eventually(lambda: _status(cloud, "source", "k") == "COMPLETED")


def test_what_cannot_be_replicated_is_failed(cloud: CloudProcess) -> None:
    _replicate(cloud)
    cloud.client("s3", AWAY).delete_bucket(Bucket="target")
    cloud.client("s3").put_object(Bucket="source", Key="k", Body=b"y")
    assert _eventually(lambda: _status(cloud, "source", "k") == "FAILED")


def test_a_replication_configuration_reads_back_as_written(cloud: CloudProcess) -> None:
    written = _replicate(
        cloud,
        Filter={"And": {"Prefix": "backups/", "Tags": [{"Key": "k", "Value": "v"}]}},
        DeleteMarkerReplication={"Status": "Disabled"},
        SourceSelectionCriteria={"SseKmsEncryptedObjects": {"Status": "Enabled"}},
        Destination={
            "Bucket": "arn:aws:s3:::target",
            "EncryptionConfiguration": {"ReplicaKmsKeyID": "arn:aws:kms:us-east-2:123456789012:key/x"},
            "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
            "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}},
        },
    )
    found = cloud.client("s3").get_bucket_replication(Bucket="source")["ReplicationConfiguration"]
    assert found == written


def test_a_replication_to_nowhere_or_without_versions_is_refused(cloud: CloudProcess) -> None:
    make_versioned_bucket(cloud, "source")
    make_bucket(cloud, "plain")
    for target, words in (("absent", "must exist"), ("plain", "must have versioning")):
        rule = {"Status": "Enabled", "Prefix": "", "Destination": {"Bucket": f"arn:aws:s3:::{target}"}}
        configuration = {"Role": ROLE, "Rules": [rule]}
        with pytest.raises(ClientError, match=words):
            cloud.client("s3").put_bucket_replication(Bucket="source", ReplicationConfiguration=configuration)


def test_a_lifecycle_configuration_reads_back_as_written(cloud: CloudProcess) -> None:
    make_versioned_bucket(cloud, "kept")
    rules = [
        {
            "ID": "old",
            "Status": "Enabled",
            "Filter": {"And": {"Prefix": "b/", "ObjectSizeGreaterThan": 1000, "ObjectSizeLessThan": 9000}},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 3},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        },
        {
            "ID": "all",
            "Status": "Enabled",
            "Filter": {},
            "Expiration": {"ExpiredObjectDeleteMarker": True},
            "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
        },
    ]
    s3 = cloud.client("s3")
    s3.put_bucket_lifecycle_configuration(Bucket="kept", LifecycleConfiguration={"Rules": rules})
    assert s3.get_bucket_lifecycle_configuration(Bucket="kept")["Rules"] == rules
    s3.delete_bucket_lifecycle(Bucket="kept")
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket="kept")
