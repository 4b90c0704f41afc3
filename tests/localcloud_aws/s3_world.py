"""Builders for the S3 tests."""

from __future__ import annotations

from tests.localcloud_aws.cloud_process import CloudProcess


def make_bucket(cloud: CloudProcess, name: str, region: str = "us-west-2", **settings: object) -> None:
    """Create a bucket in a region."""
    where = {"LocationConstraint": region}
    cloud.client("s3", region).create_bucket(Bucket=name, CreateBucketConfiguration=where, **settings)


def make_versioned_bucket(cloud: CloudProcess, name: str, region: str = "us-west-2") -> None:
    """Create a bucket with versioning."""
    make_bucket(cloud, name, region)
    versioning = {"Status": "Enabled"}
    cloud.client("s3", region).put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)
