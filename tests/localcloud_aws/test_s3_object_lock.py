"""S3 Object Lock: retention that holds, and what survives a restart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from tests.localcloud_aws.cloud_process import CLOCK, CloudProcess
from tests.localcloud_aws.conftest import StartCloud
from tests.localcloud_aws.s3_world import make_bucket


def test_object_lock_holds_against_shortening_and_weakening(cloud: CloudProcess) -> None:
    make_bucket(cloud, "worm", ObjectLockEnabledForBucket=True)
    s3 = cloud.client("s3")
    until = CLOCK.now().replace(microsecond=0) + timedelta(days=30)
    lock = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
    version = s3.put_object(Bucket="worm", Key="k", Body=b"x", **lock)["VersionId"]
    found = s3.get_object_retention(Bucket="worm", Key="k")["Retention"]
    assert found == {"Mode": "COMPLIANCE", "RetainUntilDate": until}
    shorter = until - timedelta(days=1)
    for retention in (
        {"Mode": "COMPLIANCE", "RetainUntilDate": shorter},
        {"Mode": "GOVERNANCE", "RetainUntilDate": until + timedelta(days=1)},
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.put_object_retention(Bucket="worm", Key="k", Retention=retention)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket="worm", Key="k", VersionId=version)
    with pytest.raises(ClientError, match="InvalidBucketState"):
        s3.put_bucket_versioning(Bucket="worm", VersioningConfiguration={"Status": "Suspended"})
    longer = {"Mode": "COMPLIANCE", "RetainUntilDate": until + timedelta(days=1)}
    s3.put_object_retention(Bucket="worm", Key="k", Retention=longer)
    cloud.advance(32 * 86400)
    s3.delete_object(Bucket="worm", Key="k", VersionId=version)


def test_governance_is_shortened_only_with_bypass(cloud: CloudProcess) -> None:
    make_bucket(cloud, "worm", ObjectLockEnabledForBucket=True)
    s3 = cloud.client("s3")
    until = CLOCK.now().replace(microsecond=0) + timedelta(days=30)
    lock = {"ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": until}
    s3.put_object(Bucket="worm", Key="k", Body=b"x", **lock)
    shorter = {"Mode": "GOVERNANCE", "RetainUntilDate": until - timedelta(days=1)}
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object_retention(Bucket="worm", Key="k", Retention=shorter)
    s3.put_object_retention(Bucket="worm", Key="k", Retention=shorter, BypassGovernanceRetention=True)


def test_an_object_without_retention_has_none(cloud: CloudProcess) -> None:
    make_bucket(cloud, "plain")
    cloud.client("s3").put_object(Bucket="plain", Key="k", Body=b"x")
    with pytest.raises(ClientError, match="NoSuchObjectLockConfiguration"):
        cloud.client("s3").get_object_retention(Bucket="plain", Key="k")


def test_large_and_locked_objects_survive_a_restart(start_cloud: StartCloud) -> None:
    first = start_cloud().wait_until_ready()
    make_bucket(first, "worm", ObjectLockEnabledForBucket=True)
    body = b"\x00\x01" * 4 * 1024**2
    until = CLOCK.now() + timedelta(days=30)
    lock = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
    version = first.client("s3").put_object(Bucket="worm", Key="k", Body=body, **lock)["VersionId"]
    first.end_lifeline()
    s3 = start_cloud().wait_until_ready().client("s3")
    assert s3.get_object(Bucket="worm", Key="k")["Body"].read() == body
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket="worm", Key="k", VersionId=version)
