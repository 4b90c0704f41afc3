"""Modifications that wait: what is pending, when it is applied, and what never waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localcloud.aws.rds.windows import daily_window, weekly_window
from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.conftest import StartCloud
from tests.localcloud_aws.rds_world import describe, make_database
from tests.waiting import soon

WEEK_S = 7 * 24 * 3600
NOW = {"ApplyImmediately": True}


def modify(cloud: CloudProcess, **changes: object) -> dict[str, Any]:
    """Modify the database `db` and return how it is described then."""
    answer = cloud.client("rds").modify_db_instance(DBInstanceIdentifier="db", **changes)
    return dict(answer["DBInstance"])


def test_a_change_waits_for_the_maintenance_window_and_is_shown(cloud: CloudProcess) -> None:
    make_database(cloud, "db", PreferredMaintenanceWindow="sun:04:00-sun:04:30")
    changed = modify(cloud, DBInstanceClass="db.t4g.large", AllocatedStorage=40, MultiAZ=True)
    wanted = {"DBInstanceClass": "db.t4g.large", "AllocatedStorage": 40, "MultiAZ": True}
    assert changed["PendingModifiedValues"] == wanted
    found = describe(cloud, "db")
    assert found["DBInstanceStatus"] == "available"
    assert (found["DBInstanceClass"], found["AllocatedStorage"]) == ("db.t4g.micro", 20)
    cloud.advance(WEEK_S)
    assert soon(lambda: describe(cloud, "db")["DBInstanceClass"] == "db.t4g.large")
    found = describe(cloud, "db")
    assert (found["AllocatedStorage"], found["MultiAZ"]) == (40, True)
    assert found["PendingModifiedValues"] == {}


def test_a_later_change_at_once_takes_along_what_waits(cloud: CloudProcess) -> None:
    make_database(cloud, "db")
    modify(cloud, DBInstanceClass="db.t4g.large", EngineVersion="17.5")
    modify(cloud, AllocatedStorage=50, **NOW)
    found = describe(cloud, "db")
    assert (found["DBInstanceClass"], found["EngineVersion"]) == ("db.t4g.large", "17.5")
    assert found["AllocatedStorage"] == 50
    assert found["PendingModifiedValues"] == {}


def test_what_is_put_back_waits_no_longer(cloud: CloudProcess) -> None:
    make_database(cloud, "db")
    modify(cloud, DBInstanceClass="db.t4g.large")
    assert modify(cloud, DBInstanceClass="db.t4g.micro")["PendingModifiedValues"] == {}


def test_settings_that_never_wait_are_applied_beside_those_that_do(cloud: CloudProcess) -> None:
    make_database(cloud, "db")
    changed = modify(
        cloud, DeletionProtection=True, BackupRetentionPeriod=14, MonitoringInterval=0, StorageType="gp3"
    )
    assert changed["DeletionProtection"] is True
    assert changed["BackupRetentionPeriod"] == 14
    assert changed["PendingModifiedValues"] == {"StorageType": "gp3"}


def test_turning_backups_off_waits(cloud: CloudProcess) -> None:
    make_database(cloud, "db")
    changed = modify(cloud, BackupRetentionPeriod=0)
    assert changed["BackupRetentionPeriod"] == 7
    assert changed["PendingModifiedValues"] == {"BackupRetentionPeriod": 0}


def test_a_password_never_waits_and_is_never_shown(start_cloud: StartCloud) -> None:
    cloud = start_cloud("--transition-s", "60").wait_until_ready()
    make_database(cloud, "db")
    cloud.advance(61)
    changed = modify(cloud, MasterUserPassword="another-one-9")
    assert changed["DBInstanceStatus"] == "resetting-master-credentials"
    assert changed["PendingModifiedValues"] == {"MasterUserPassword": "****"}
    cloud.advance(61)
    assert describe(cloud, "db")["PendingModifiedValues"] == {}


def test_a_rename_waits_too_but_never_for_a_taken_name(cloud: CloudProcess) -> None:
    for name in ("db", "taken"):
        make_database(cloud, name)
    with pytest.raises(ClientError, match="DBInstanceAlreadyExists"):
        modify(cloud, NewDBInstanceIdentifier="Taken")
    changed = modify(cloud, NewDBInstanceIdentifier="later")
    assert changed["PendingModifiedValues"] == {"DBInstanceIdentifier": "later"}
    cloud.advance(WEEK_S)
    assert soon(lambda: _exists(cloud, "later"))


def test_what_waits_waits_over_a_restart(start_cloud: StartCloud) -> None:
    first = start_cloud("--transition-s", "0").wait_until_ready()
    make_database(first, "db")
    modify(first, DBInstanceClass="db.t4g.large")
    first.end_lifeline()
    second = start_cloud("--transition-s", "0").wait_until_ready()
    assert describe(second, "db")["PendingModifiedValues"] == {"DBInstanceClass": "db.t4g.large"}


@pytest.mark.parametrize(
    ("text", "after", "start"),
    [
        ("sun:23:45-mon:00:15", "2026-11-22T23:44:00", "2026-11-22T23:45:00"),
        ("sun:23:45-mon:00:15", "2026-11-22T23:45:00", "2026-11-29T23:45:00"),
        ("Wed:06:38-Wed:07:08", "2026-11-22T15:00:00", "2026-11-25T06:38:00"),
    ],
)
def test_the_next_window_is_the_first_that_begins_later(text: str, after: str, start: str) -> None:
    window = weekly_window(text)
    assert window is not None
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert window.next_start(moment) == datetime.fromisoformat(start).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("daily", "weekly", "overlaps"),
    [
        ("23:50-00:20", "mon:00:10-mon:00:40", True),
        ("23:50-00:20", "sun:23:00-sun:23:50", False),
        ("02:00-03:00", "tue:02:30-tue:03:30", True),
        ("02:00-03:00", "sun:01:00-mon:00:00", True),
        ("02:00-03:00", "tue:03:00-tue:03:30", False),
    ],
)
def test_windows_overlap_or_not(daily: str, weekly: str, overlaps: bool) -> None:
    backup, maintenance = daily_window(daily), weekly_window(weekly)
    assert backup is not None
    assert maintenance is not None
    assert backup.overlaps(maintenance) is overlaps
    assert maintenance.overlaps(backup) is overlaps


def test_what_is_no_window_is_none() -> None:
    assert daily_window("24:00-24:30") is None
    assert weekly_window("xyz:00:00-mon:00:30") is None
    assert timedelta(minutes=getattr(daily_window("23:50-00:20"), "length_min", 0)) == timedelta(minutes=30)


def _exists(cloud: CloudProcess, name: str) -> bool:
    found = cloud.client("rds").describe_db_instances()["DBInstances"]
    return name in [one["DBInstanceIdentifier"] for one in found]
