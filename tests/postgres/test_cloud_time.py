"""The cloud's time and the machine's: each translated into the other, over every advance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifeboat.core.clock import ManualClock
from lifeboat.core.errors import Refused
from localcloud.postgres.cloud_time import advanced, cloud_time, machine_time
from localcloud.postgres.records import Advance

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TWICE = (Advance(at=NOON, by_s=86_400.0), Advance(at=NOON + timedelta(hours=1), by_s=172_800.0))
OFFSETS = st.timedeltas(min_value=timedelta(days=-2), max_value=timedelta(days=2))


def test_what_was_before_an_advance_keeps_its_time_and_what_comes_after_is_ahead() -> None:
    assert cloud_time(NOON - timedelta(seconds=1), TWICE) == NOON - timedelta(seconds=1)
    assert cloud_time(NOON, TWICE) == NOON + DAY
    assert cloud_time(NOON + timedelta(hours=2), TWICE) == NOON + 3 * DAY + timedelta(hours=2)


def test_a_moment_that_was_jumped_over_is_when_the_jump_was() -> None:
    assert machine_time(NOON + timedelta(hours=5), TWICE) == NOON
    assert machine_time(NOON + 2 * DAY, TWICE) == NOON + timedelta(hours=1)


@given(OFFSETS)
def test_there_and_back_is_where_one_was(offset: timedelta) -> None:
    assert machine_time(cloud_time(NOON + offset, TWICE), TWICE) == NOON + offset


@given(OFFSETS, OFFSETS)
def test_the_order_of_moments_stays(first: timedelta, second: timedelta) -> None:
    one, other = sorted((NOON + first, NOON + second))
    assert cloud_time(one, TWICE) <= cloud_time(other, TWICE)
    assert machine_time(one, TWICE) <= machine_time(other, TWICE)


def test_time_never_goes_back_nor_ten_years_forward() -> None:
    clock = ManualClock(NOON)
    assert advanced((), 5.0, clock) == (Advance(at=NOON, by_s=5.0),)
    for by_s in (-1.0, 4e8):
        with pytest.raises(Refused, match="time moves forward"):
            advanced((), by_s, clock)
