"""Schedules, windows and instance classes are read as cron and RDS read them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.config.instance_class import parse_instance_class
from infra.config.windows import overlap, parse_daily_window, parse_weekly_window
from lifeboat.core.cron import longest_gap_minutes, parse_schedule


@pytest.mark.parametrize(
    ("schedule", "minutes"),
    [
        ("0 2 * * *", 1440),
        ("*/15 * * * *", 15),
        ("0 * * * *", 60),
        ("0 2,14 * * *", 720),
        ("0 2,5 * * *", 21 * 60),
        ("0 2 * * 0", 7 * 1440),
        ("0 2 * * 7", 7 * 1440),
        ("0 2 * * 1-5", 3 * 1440),
        ("30 4 1 * *", 31 * 1440),
        ("0 2 1 * 0", 7 * 1440),
        ("0 2 * * */2", 2 * 1440),
    ],
)
def test_the_longest_gap_of_a_schedule(schedule: str, minutes: int) -> None:
    assert longest_gap_minutes(parse_schedule(schedule)) == minutes


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        ("", "must have five fields"),
        ("0 2 * * * *", "must have five fields"),
        ("60 2 * * *", "minute must lie within 0-59"),
        ("0 2 0 * *", "day of month must lie within 1-31"),
        ("0 2 * 13 *", "month must lie within 1-12"),
        ("0 5-2 * * *", "hour must lie within 0-23"),
        ("0 2 * * mon", "day of week is not a number, list, range or step"),
        ("*/0 2 * * *", "minute must lie within 0-59"),
        ("0 2 31 2 *", "never runs"),
    ],
)
def test_what_is_not_a_schedule(schedule: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_schedule(schedule)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 59), st.integers(0, 23), st.lists(st.integers(0, 6), min_size=1, unique=True))
def test_no_two_runs_are_further_apart_than_the_longest_gap(minute: int, hour: int, days: list[int]) -> None:
    schedule = parse_schedule(f"{minute} {hour} * * {','.join(map(str, days))}")
    start = datetime(2026, 3, 1, tzinfo=UTC)
    runs = [
        day.replace(hour=hour, minute=minute)
        for day in (start + timedelta(days=number) for number in range(60))
        if schedule.runs_on(day.date())
    ]
    gaps = [int((later - earlier).total_seconds()) // 60 for earlier, later in pairwise(runs)]
    assert max(gaps) == longest_gap_minutes(schedule)


def test_windows_may_pass_midnight_and_the_end_of_the_week() -> None:
    assert parse_daily_window("23:45-00:15") == (23 * 60 + 45, 30)
    assert parse_weekly_window("sun:23:30-mon:00:30") == (6 * 1440 + 23 * 60 + 30, 60)


@pytest.mark.parametrize(
    ("daily", "weekly", "touches"),
    [
        ("03:00-04:00", "sun:04:00-sun:05:00", False),
        ("03:00-04:01", "sun:04:00-sun:05:00", True),
        ("23:30-00:30", "mon:00:00-mon:01:00", True),
        ("00:00-00:30", "sun:23:30-mon:00:01", True),
        ("00:00-00:30", "sun:23:30-mon:00:00", False),
        ("12:00-12:30", "tue:10:00-thu:10:00", True),
    ],
)
def test_windows_overlap_on_any_day(daily: str, weekly: str, touches: bool) -> None:
    assert overlap(parse_daily_window(daily), parse_weekly_window(weekly)) is touches


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 1439), st.integers(30, 600), st.integers(0, 10079), st.integers(30, 2000))
def test_overlap_agrees_with_counting_minutes(day: int, day_length: int, week: int, week_length: int) -> None:
    in_daily = {(each * 1440 + day + m) % 10080 for each in range(7) for m in range(day_length)}
    in_weekly = {(week + m) % 10080 for m in range(week_length)}
    assert overlap((day, day_length), (week, week_length)) is bool(in_daily & in_weekly)


@pytest.mark.parametrize(
    ("name", "vcpus", "memory_gib", "burstable", "connections"),
    [
        ("db.t4g.micro", 2, 1, True, 112),
        ("db.t4g.medium", 2, 4, True, 450),
        ("db.m7g.large", 2, 8, False, 901),
        ("db.r6i.4xlarge", 16, 128, False, 5000),
    ],
)
def test_amounts_follow_from_the_class(
    name: str, vcpus: int, memory_gib: int, burstable: bool, connections: int
) -> None:
    found = parse_instance_class(name)
    assert (found.vcpus, found.memory_gib, found.burstable) == (vcpus, memory_gib, burstable)
    assert found.default_connections == connections
