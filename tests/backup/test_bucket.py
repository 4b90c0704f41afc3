"""Backups in a bucket of S3: written once, repeated with the same bytes, removed below a lock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.config import Config

from lifeboat.core.clock import SystemClock
from scripts.actions.backup_create import create_backup
from scripts.actions.backup_reading import read_listing
from scripts.actions.backup_store import S3BackupStore
from scripts.actions.backup_verify import VerifyJob, verify_backup
from scripts.actions.object_store import CLIENT_CONFIG
from scripts.backup.levels import Level
from scripts.engine.objects import StoreUnavailable
from tests.backup.world import SHOP, BackupWorld
from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.real_cloud import RealCloud

REGION = "us-west-2"


@pytest.fixture(scope="module")
def bucket(cloud: RealCloud) -> str:
    s3 = cloud.aws.client("s3", REGION)
    s3.create_bucket(
        Bucket="bucket-of-backups",
        CreateBucketConfiguration={"LocationConstraint": REGION},
        ObjectLockEnabledForBucket=True,
    )
    return "bucket-of-backups"


@pytest.fixture
def store(cloud: RealCloud, bucket: str, world: BackupWorld) -> S3BackupStore:
    """Return a place of this test's own."""
    client = cloud.aws.new_client("s3", REGION, CLIENT_CONFIG.merge(Config(read_timeout=3)))
    return S3BackupStore(client, bucket, f"{world.database}/", SystemClock())


@pytest.fixture
def aws(cloud: RealCloud) -> Iterator[CloudProcess]:
    """Return the cloud; faults end with the test."""
    yield cloud.aws
    for each in cloud.aws.admin("GET", "faults")["faults"]:
        cloud.aws.admin("DELETE", f"faults?id={each['id']}")


def fault(aws: CloudProcess, kind: str, action: str, **more: object) -> None:
    aws.admin("POST", "faults", {"kind": kind, "service": "s3", "region": REGION, "action": action, **more})


@pytest.mark.parametrize(("kind", "times"), [("error", 3), ("drop", 3), ("timeout_after_write", 1)])
def test_a_part_whose_write_fails_is_written_again_with_the_same_bytes(
    world: BackupWorld, store: S3BackupStore, aws: CloudProcess, kind: str, times: int
) -> None:
    world.execute(SHOP)
    fault(aws, kind, "PutObject", times=times)
    manifest = create_backup(world.job(store))
    assert [each["hits"] for each in aws.admin("GET", "faults")["faults"]] == [times]
    versions = aws.client("s3", REGION).list_object_versions(
        Bucket="bucket-of-backups", Prefix=f"{world.database}/"
    )["Versions"]
    keys = [each["Key"] for each in versions]
    assert len(keys) == len(set(keys)) == len(manifest.parts) + 2, "nothing was written twice"
    job = VerifyJob(
        store=store, manifest=manifest, level=Level.DECODES, by="tests", spool_root=world.spool, jobs=2
    )
    assert verify_backup(job).reached is Level.DECODES


def test_a_region_that_is_gone_stops_a_backup_before_it_begins(
    world: BackupWorld, store: S3BackupStore, aws: CloudProcess
) -> None:
    fault(aws, "error", "PutObject", status=403, code="AccessDenied")
    with pytest.raises(StoreUnavailable):
        create_backup(world.job(store))
    assert store.keys("") == ()


def test_what_is_removed_is_gone_from_the_list_and_stays_below_its_lock(
    world: BackupWorld, store: S3BackupStore
) -> None:
    manifest = create_backup(world.job(store))
    keys = store.keys("")
    assert store.sizes("").keys() == set(keys)
    store.remove(keys)
    assert read_listing(store).backups == ()
    old = store._client.list_object_versions(Bucket="bucket-of-backups", Prefix=f"{world.database}/")
    assert len(old["Versions"]) == len(manifest.parts) + 2
    assert len(old["DeleteMarkers"]) == len(keys)
