"""The graph of a swap is made of the rows that were written around it."""

from __future__ import annotations

from datetime import datetime, timedelta

from scripts.actions.swap_traces import availability
from scripts.engine.moments import write_moment
from tests.recovery.plans import MADE_AT


def beats(*seconds: float) -> tuple[datetime, ...]:
    return tuple(MADE_AT + timedelta(seconds=second) for second in seconds)


def told(before: tuple[datetime, ...], after: tuple[datetime, ...]) -> list[tuple[float, bool]]:
    moments = {write_moment(MADE_AT + timedelta(seconds=n / 2)): n / 2 for n in range(100)}
    return [(moments[at], is_up) for at, is_up in availability(before, after)]


def test_a_gap_is_a_failure_from_the_first_beat_that_is_missing() -> None:
    assert told(beats(0, 1, 2, 3), beats(9, 10, 11)) == [
        (0, True),
        (1, True),
        (2, True),
        (3, True),
        (4, False),
        (9, True),
        (10, True),
        (11, True),
    ]


def test_quick_beats_that_stutter_are_no_failure() -> None:
    assert all(is_up for _, is_up in availability(beats(0, 0.1, 0.2, 1.4), beats(1.5, 1.6)))


def test_nothing_written_is_nothing_told() -> None:
    assert availability((), ()) == ()
    assert told(beats(1), ()) == [(1, True)]
