"""Faults of the databases as RDS shows them: a hole in the log, and a cloud that is ahead of its servers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx
import pytest
from botocore.exceptions import ClientError

from lifeboat.core.clock import SystemClock
from tests.localcloud_aws.rds_world import HOME, describe
from tests.localcloud_aws.real_cloud import RealCloud, real_cloud
from tests.waiting import soon

_CLOCK = SystemClock()
_AHEAD = timedelta(days=40)


@pytest.fixture(scope="module")
def shared() -> Iterator[RealCloud]:
    with real_cloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(shared: RealCloud) -> Iterator[RealCloud]:
    """The module's cloud, emptied after the test."""
    yield shared
    shared.aws.admin("POST", "reset")


def tell(cloud: RealCloud, path: str, body: dict[str, object]) -> dict[str, object]:
    answer = httpx.post(f"{cloud.service.url}/_lifeboat/{path}", json=body, timeout=60)
    assert answer.is_success, answer.text
    return dict(answer.json())


def latest_at(cloud: RealCloud, name: str = "main") -> datetime | None:
    return describe(cloud.aws, name).get("LatestRestorableTime")


def write(cloud: RealCloud, value: int) -> None:
    with cloud.connect("main") as connection:
        connection.execute("create table if not exists kept (id int primary key)")
        connection.execute("insert into kept values (%s)", (value,))


def rows(cloud: RealCloud, name: str) -> list[int]:
    with cloud.connect(name) as connection:
        return [row[0] for row in connection.execute("select id from kept order by id").fetchall()]


def restore(cloud: RealCloud, name: str, moment: datetime) -> None:
    cloud.aws.client("rds").restore_db_instance_to_point_in_time(
        SourceDBInstanceIdentifier="main", TargetDBInstanceIdentifier=name, RestoreTime=moment
    )


@pytest.mark.fault("F08")
def test_a_hole_in_the_log_throws_the_latest_restorable_time_back_and_a_restore_over_it_is_refused(
    cloud: RealCloud,
) -> None:
    cloud.make("main")
    assert soon(lambda: latest_at(cloud) is not None, 60), "it needs a base backup first"
    write(cloud, 1)
    moment = _CLOCK.now() + timedelta(milliseconds=5)
    # The last segment but one is lost: two are handed over behind the one that proves the moment.
    for _ in range(3):
        cloud.restorable_after("main", max(moment, _CLOCK.now()))
        tell(cloud, "clock", {"advance_s": 0})
    before = latest_at(cloud)
    assert before is not None
    lost = tell(cloud, "faults", {"kind": "drop_segment", "region": HOME, "identifier": "main"})
    assert str(lost["detail"]).startswith("segment 0000")
    assert soon(lambda: (latest_at(cloud) or before) < before, 30)
    assert cloud.restore_window("main")["LatestTime"] == latest_at(cloud)
    with pytest.raises(ClientError, match="cannot restore to"):
        restore(cloud, "beyond", before)
    fallen = latest_at(cloud)
    assert not soon(lambda: latest_at(cloud) != fallen, 3), "it stands still: nothing beyond it is of use"
    restore(cloud, "back", moment)
    cloud.available("back")
    assert rows(cloud, "back") == [1]


def test_a_cloud_that_is_ahead_restores_to_moments_of_its_own_time(cloud: RealCloud) -> None:
    cloud.make("main")
    write(cloud, 1)
    cloud.restorable_after("main", _CLOCK.now())
    cloud.aws.advance(_AHEAD.total_seconds())
    assert tell(cloud, "clock", {"advance_s": _AHEAD.total_seconds()})["advanced_s"] == 40 * 86_400
    write(cloud, 2)
    moment = _CLOCK.now() + _AHEAD + timedelta(milliseconds=5)
    _CLOCK.sleep(0.01)
    write(cloud, 3)
    cloud.restorable_after("main", moment)
    restore(cloud, "ahead", moment)
    cloud.available("ahead")
    assert rows(cloud, "ahead") == [1, 2]
