"""Automated backups that are replicated to another region, proven on data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lifeboat.core.clock import SystemClock
from tests.localcloud_aws.behind import cut_regions, forget_faults, strike
from tests.localcloud_aws.rds_world import AWAY, HOME
from tests.localcloud_aws.real_cloud import RealCloud, real_cloud
from tests.localcloud_aws.steady_writer import SteadyWriter
from tests.waiting import soon

_CLOCK = SystemClock()


@pytest.fixture(scope="module")
def shared() -> Iterator[RealCloud]:
    with real_cloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(shared: RealCloud) -> Iterator[RealCloud]:
    """The module's cloud, emptied after the test."""
    yield shared
    forget_faults(shared)
    shared.aws.admin("DELETE", "faults")
    shared.aws.admin("POST", "reset")


def replicate(cloud: RealCloud, arn: str) -> str:
    """Begin to replicate a database's backups, and return the replicated backup's ARN."""
    away = cloud.aws.client("rds", AWAY)
    started = away.start_db_instance_automated_backups_replication(SourceDBInstanceArn=arn)
    return str(started["DBInstanceAutomatedBackup"]["DBInstanceAutomatedBackupsArn"])


def backups(cloud: RealCloud) -> list[dict[str, Any]]:
    """Return the automated backups that came to the other region."""
    found = cloud.aws.client("rds", AWAY).describe_db_instance_automated_backups()
    return [backup for backup in found["DBInstanceAutomatedBackups"] if backup["Region"] == HOME]


def latest_at(cloud: RealCloud) -> datetime | None:
    """Return the last moment that has arrived; None while nothing has."""
    (backup,) = backups(cloud)
    latest = backup.get("RestoreWindow", {}).get("LatestTime")
    return latest if isinstance(latest, datetime) else None


def has_arrived(cloud: RealCloud, moment: datetime) -> bool:
    """Tell whether a moment can be restored in the other region."""
    latest = latest_at(cloud)
    return latest is not None and latest > moment


def rows(cloud: RealCloud, name: str) -> set[int]:
    """Return the rows of the writer's table in the other region."""
    with cloud.connect(name, AWAY) as connection:
        return {row[0] for row in connection.execute("select id from written").fetchall()}


def restore(cloud: RealCloud, name: str, **settings: object) -> None:
    """Restore in the other region and wait until it is there."""
    away = cloud.aws.client("rds", AWAY)
    away.restore_db_instance_to_point_in_time(TargetDBInstanceIdentifier=name, **settings)
    cloud.available(name, AWAY)


def test_a_moment_is_restored_in_the_other_region_by_arn_and_by_resource_id(cloud: RealCloud) -> None:
    made = cloud.make("main")
    arn = replicate(cloud, made["DBInstanceArn"])
    with SteadyWriter(lambda: cloud.connect("main")) as writer:
        assert soon(lambda: latest_at(cloud) is not None, 60)
        assert writer.wait_for(20)
    moment = _CLOCK.now() + timedelta(milliseconds=5)
    _CLOCK.sleep(0.01)
    with SteadyWriter(lambda: cloud.connect("main"), first=10_000) as later:
        assert later.wait_for(5)
    assert soon(lambda: has_arrived(cloud, moment), 60), cloud.service.health()
    restore(cloud, "by-arn", SourceDBInstanceAutomatedBackupsArn=arn, RestoreTime=moment)
    assert rows(cloud, "by-arn") == writer.acknowledged
    restore(cloud, "by-id", SourceDbiResourceId=made["DbiResourceId"], RestoreTime=moment)
    assert rows(cloud, "by-id") == writer.acknowledged


def test_with_the_source_region_lost_the_window_stands_still_and_what_arrived_is_restored(
    cloud: RealCloud,
) -> None:
    made = cloud.make("main")
    arn = replicate(cloud, made["DBInstanceArn"])
    with SteadyWriter(lambda: cloud.connect("main")) as writer:
        assert writer.wait_for(20)
        early_at = writer.last_at
        assert soon(lambda: has_arrived(cloud, early_at), 60), cloud.service.health()
        assert writer.wait_for(5)
    cloud.aws.admin("POST", "faults", {"kind": "drop", "region": HOME})
    assert soon(lambda: HOME in cut_regions(cloud))
    lost_at = latest_at(cloud)
    assert lost_at is not None
    # Longer than the log takes to be handed over and copied.
    assert not soon(lambda: latest_at(cloud) != lost_at, 4)
    restore(cloud, "rescued", SourceDBInstanceAutomatedBackupsArn=arn, UseLatestRestorableTime=True)
    got = rows(cloud, "rescued")
    assert writer.acknowledged_before(max(lost_at, early_at)) <= got <= writer.sent
    cloud.aws.admin("DELETE", "faults")
    assert soon(lambda: has_arrived(cloud, lost_at), 60), cloud.service.health()


def test_what_has_arrived_outlives_the_database_and_a_restart_and_is_deleted_on_demand(
    cloud: RealCloud,
) -> None:
    made = cloud.make("main")
    arn = replicate(cloud, made["DBInstanceArn"])
    with SteadyWriter(lambda: cloud.connect("main")) as writer:
        assert writer.wait_for(10)
    assert soon(lambda: has_arrived(cloud, writer.last_at), 60), cloud.service.health()
    home, away = cloud.aws.client("rds"), cloud.aws.client("rds", AWAY)
    home.delete_db_instance(DBInstanceIdentifier="main", SkipFinalSnapshot=True)
    cloud.service.kill()
    cloud.service.start()
    (left,) = backups(cloud)
    assert (left["Status"], left["Region"]) == ("retained", HOME)
    restore(cloud, "back", SourceDBInstanceAutomatedBackupsArn=arn, UseLatestRestorableTime=True)
    assert rows(cloud, "back") == writer.acknowledged
    away.delete_db_instance_automated_backup(DBInstanceAutomatedBackupsArn=arn)
    assert not (cloud.service.data / "backups" / f"{made['DbiResourceId']}@{AWAY}").exists()
    with pytest.raises(ClientError, match="DBInstanceAutomatedBackupNotFound"):
        restore(cloud, "never", SourceDBInstanceAutomatedBackupsArn=arn, UseLatestRestorableTime=True)


def test_a_restore_before_anything_has_arrived_is_refused(cloud: RealCloud) -> None:
    made = cloud.make("main", BackupRetentionPeriod=0)
    strike(cloud, "archive", "main")
    cloud.aws.client("rds").modify_db_instance(
        DBInstanceIdentifier="main", BackupRetentionPeriod=7, ApplyImmediately=True
    )
    cloud.available("main")
    arn = replicate(cloud, made["DBInstanceArn"])
    assert latest_at(cloud) is None
    with pytest.raises(ClientError, match=r"nothing of automated backup .* has arrived"):
        restore(cloud, "early", SourceDBInstanceAutomatedBackupsArn=arn, UseLatestRestorableTime=True)
