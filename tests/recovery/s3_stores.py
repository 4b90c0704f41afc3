"""S3 stores on the local cloud."""

from __future__ import annotations

from botocore.config import Config

from scripts.actions.object_store import CLIENT_CONFIG, S3ObjectStore
from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.s3_world import make_versioned_bucket

REGION = "us-east-2"
BUCKET = "paintbox-production-us-east-2-backups-x"


def s3_store(aws: CloudProcess, prefix: str = "lifeboat/") -> S3ObjectStore:
    """Return a store in a new bucket."""
    make_versioned_bucket(aws, BUCKET, REGION)
    return open_store(aws, prefix)


def open_store(aws: CloudProcess, prefix: str = "lifeboat/") -> S3ObjectStore:
    """Return a store in the bucket, with a client of its own that is quick to give up."""
    config = CLIENT_CONFIG.merge(Config(read_timeout=5, connect_timeout=2))
    return S3ObjectStore(aws.new_client("s3", REGION, config), BUCKET, prefix)
