"""Automated snapshots by the cloud's days, and backups that outlive their database for a while."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.rds_world import make_database
from tests.waiting import soon

DAY_S = 24 * 3600


def automated(cloud: CloudProcess) -> list[str]:
    """Return the names of the automated snapshots."""
    found = cloud.client("rds").describe_db_snapshots(SnapshotType="automated")["DBSnapshots"]
    return [snapshot["DBSnapshotIdentifier"] for snapshot in found]


def test_a_snapshot_is_taken_every_day_and_ends_with_the_retention(cloud: CloudProcess) -> None:
    make_database(cloud, "db", BackupRetentionPeriod=2)
    (first,) = automated(cloud)
    cloud.advance(DAY_S)
    assert soon(lambda: len(automated(cloud)) == 2)
    for _ in range(2):
        cloud.advance(DAY_S)
        assert soon(lambda: len(automated(cloud)) <= 3)
    assert soon(lambda: first not in automated(cloud))
    assert len(automated(cloud)) >= 2


def test_without_backups_there_is_no_daily_snapshot(cloud: CloudProcess) -> None:
    make_database(cloud, "db", BackupRetentionPeriod=0)
    cloud.advance(3 * DAY_S)
    assert automated(cloud) == []


def test_an_automated_snapshot_is_not_deleted_by_hand(cloud: CloudProcess) -> None:
    make_database(cloud, "db")
    (name,) = automated(cloud)
    with pytest.raises(ClientError, match="InvalidDBSnapshotState"):
        cloud.client("rds").delete_db_snapshot(DBSnapshotIdentifier=name)
    assert automated(cloud) == [name]


def test_kept_backups_end_with_their_retention(cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    made = make_database(cloud, "db", BackupRetentionPeriod=2)
    rds.describe_db_instance_automated_backups()
    rds.delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True, DeleteAutomatedBackups=False)

    def kept() -> list[str]:
        about = {"DbiResourceId": made["DbiResourceId"]}
        found = rds.describe_db_instance_automated_backups(**about)["DBInstanceAutomatedBackups"]
        return [record["Status"] for record in found]

    assert kept() == ["retained"]
    cloud.advance(DAY_S)
    assert kept() == ["retained"]
    cloud.advance(2 * DAY_S)
    assert soon(lambda: kept() == [])
    assert automated(cloud) == []
