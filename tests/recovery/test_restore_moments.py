"""A moment is one moment, wherever the operator's machine stands and whatever its clock was put to there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from lifeboat.core.errors import ConfigError
from scripts.plans.restore_request import Moment, read_request

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with monkeypatch.context() as changed:
        changed.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


def moment(text: str) -> datetime:
    point = read_request(text, "", now=NOW).point
    assert isinstance(point, Moment)
    assert point.at is not None
    return point.at


@pytest.mark.fault("F10")
@pytest.mark.parametrize(
    "local",
    [
        "2026-11-22T07:00:00",
        "2026-11-22 07:00:00",
        # In Berlin there are two of this one, and none of the next.
        "2026-10-25T02:30:00",
        "2026-03-29T02:30:00",
    ],
)
def test_a_local_time_is_refused_in_every_zone(zone: str, local: str) -> None:
    with pytest.raises(ConfigError, match="has no offset") as caught:
        read_request(local, "", now=NOW)
    assert "Z" in caught.value.hint


@pytest.mark.fault("F10")
def test_the_hour_that_comes_twice_is_told_apart_by_its_offset(zone: str) -> None:
    first, second = moment("2026-10-25T02:30:00+02:00"), moment("2026-10-25T02:30:00+01:00")
    assert second - first == timedelta(hours=1)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment("2026-10-25T00:30:00Z") == first
