"""Clocks, retry decisions and units."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifeboat.core.clock import ManualClock, SystemClock
from lifeboat.core.errors import ConfigError
from lifeboat.core.retry import RetryPolicy
from lifeboat.core.units import format_duration, gib_to_bytes, parse_duration

START = datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_the_system_clock_is_aware_and_moves_forward() -> None:
    clock = SystemClock()
    before = clock.monotonic_s()
    clock.sleep(0.001)
    assert clock.now().tzinfo is UTC
    assert clock.monotonic_s() > before


def test_a_manual_clock_moves_only_when_told_to() -> None:
    clock = ManualClock(START)
    assert clock.now() == START
    clock.sleep(90)
    assert clock.now() == START + timedelta(seconds=90)
    assert clock.monotonic_s() == 90


def test_a_manual_clock_refuses_naive_starts_and_going_back() -> None:
    with pytest.raises(ValueError, match="aware"):
        ManualClock(datetime(2026, 1, 1))  # noqa: DTZ001  # the naive moment is the point
    with pytest.raises(ValueError, match="back"):
        ManualClock(START).advance(timedelta(seconds=-1))


def test_the_wait_doubles_up_to_its_ceiling() -> None:
    policy = RetryPolicy(max_attempts=10, deadline_s=1000, first_wait_s=1, max_wait_s=5)
    waits = [policy.decide(attempt=n, elapsed_s=0, jitter=1).wait_s for n in range(1, 6)]
    assert waits == [1, 2, 4, 5, 5]


def test_what_the_server_asks_for_is_never_shortened() -> None:
    policy = RetryPolicy(max_wait_s=1)
    assert policy.decide(attempt=1, elapsed_s=0, jitter=0, retry_after_s=30).wait_s == 30
    assert not policy.decide(attempt=1, elapsed_s=40, jitter=0, retry_after_s=30).retry


def test_the_last_attempt_and_the_deadline_end_it() -> None:
    policy = RetryPolicy(max_attempts=3, deadline_s=10)
    assert not policy.decide(attempt=3, elapsed_s=0, jitter=0).retry
    assert not policy.decide(attempt=1, elapsed_s=10, jitter=0).retry


@given(
    attempt=st.integers(1, 50),
    elapsed_s=st.floats(0, 1e4, allow_nan=False),
    jitter=st.floats(0, 1, allow_nan=False),
)
def test_no_decision_ever_starts_an_attempt_past_the_deadline(
    attempt: int, elapsed_s: float, jitter: float
) -> None:
    policy = RetryPolicy()
    decision = policy.decide(attempt=attempt, elapsed_s=elapsed_s, jitter=jitter)
    assert not decision.retry or elapsed_s + decision.wait_s < policy.deadline_s
    assert 0 <= decision.wait_s <= policy.max_wait_s


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("30m", 1800), ("1h30m", 5400), ("40d", 3456000), ("2w", 1209600)]
)
def test_lengths_of_time_are_read(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "5", "h", "1.5h", "1h 30m", "-5m", "5y", "1hh"])
def test_anything_else_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_duration(text)
    assert repr(text) in caught.value.message
    assert caught.value.hint


@given(st.integers(0, 10**7))
def test_what_is_written_with_two_units_is_read_back_to_within_the_next_unit(seconds: int) -> None:
    length = timedelta(seconds=seconds)
    assert timedelta() <= length - parse_duration(format_duration(length)) < timedelta(hours=1)


def test_units_are_written_as_people_do() -> None:
    assert format_duration(timedelta(days=2, hours=3, minutes=4)) == "2d3h"
    assert format_duration(timedelta(seconds=-90)) == "-1m30s"
    assert gib_to_bytes(2) == 2147483648
