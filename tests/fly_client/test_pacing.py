"""The documented rate limits are kept, per action and object, by any number of threads."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifeboat.core.clock import ManualClock
from lifeboat.fly.client.machines import operations
from lifeboat.fly.client.operation import Operation, Pace, Safety
from lifeboat.fly.client.pacing import RATES, SLACK_S, Pacer
from tests.fly_client.scripted_fly import NOON

DELETE_APP = Operation(
    name="apps.delete", method="DELETE", path="/v1/apps/{app}", safety=Safety.CREATE, pace=Pace.APP_DELETE
)


def moments(operation: Operation, subjects: list[str]) -> list[float]:
    """Return when each call may go, in seconds."""
    clock = ManualClock(NOON)
    pacer = Pacer(clock)
    found = []
    for subject in subjects:
        pacer.wait_turn(operation, subject)
        found.append(clock.monotonic_s())
    return found


def test_three_at_once_and_then_one_per_second() -> None:
    assert moments(operations.STOP, ["a"] * 5) == pytest.approx([0, 0, 0, 1 + SLACK_S, 2 + SLACK_S])


def test_reading_a_machine_is_ten_at_once_and_then_five_per_second() -> None:
    found = moments(operations.GET, ["a"] * 12)

    assert found[9] == 0
    assert found[10:] == pytest.approx([0.2 + SLACK_S, 0.4 + SLACK_S])


def test_objects_and_actions_do_not_wait_for_each_other() -> None:
    clock = ManualClock(NOON)
    pacer = Pacer(clock)
    for operation in (operations.STOP, operations.START):
        for machine in ("a", "b"):
            for _ in range(3):
                pacer.wait_turn(operation, machine)

    assert clock.monotonic_s() == 0


def test_deleting_apps_is_counted_over_all_apps() -> None:
    found = moments(DELETE_APP, [f"app-{number}" for number in range(101)])

    assert found[99] == 0
    assert found[100] > 0.5


def test_a_turn_unused_for_long_is_not_saved_up() -> None:
    clock = ManualClock(NOON)
    pacer = Pacer(clock)
    pacer.wait_turn(operations.STOP, "a")
    clock.sleep(1000)
    for _ in range(4):
        pacer.wait_turn(operations.STOP, "a")

    assert clock.monotonic_s() == pytest.approx(1001 + SLACK_S)


@given(st.lists(st.floats(0, 5), max_size=60), st.sampled_from(sorted(RATES)))
def test_no_window_ever_holds_more_than_the_burst_and_the_rate(pauses_s: list[float], pace: Pace) -> None:
    rate = RATES[pace]
    full_at_s, now_s, sent = 0.0, 0.0, []
    for pause_s in pauses_s:
        now_s += pause_s
        wait_s, full_at_s = rate.reserve(full_at_s, now_s)
        sent.append(now_s + wait_s)

    assert all(earlier <= later + 1e-9 for earlier, later in pairwise(sorted(sent)))
    for first, at_s in enumerate(sent):
        for last in range(first + rate.burst, len(sent)):
            allowed_s = (last - first + 1 - rate.burst) / rate.per_second
            assert sent[last] - at_s >= allowed_s - 1e-6


class CountingClock(ManualClock):
    """Remembers how long was slept, and does not move, so that threads all ask at one moment."""

    def __init__(self) -> None:
        super().__init__(NOON)
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def sleep(self, seconds: float) -> None:
        """Remember."""
        with self._lock:
            self.slept.append(seconds)


def test_threads_never_get_the_same_turn() -> None:
    clock = CountingClock()
    pacer = Pacer(clock)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: pacer.wait_turn(operations.STOP, "a"), range(50)))

    assert sorted(clock.slept) == pytest.approx([number + SLACK_S for number in range(1, 48)])


def test_full_buckets_are_forgotten() -> None:
    clock = ManualClock(NOON)
    pacer = Pacer(clock)
    for number in range(5000):
        pacer.wait_turn(operations.STOP, f"machine-{number}")
        clock.sleep(0.01)

    assert len(pacer) < 4200
