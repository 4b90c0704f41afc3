"""A clock that jumps changes moments and no durations: those come from the monotonic clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lifeboat.core.clock import ManualClock
from scripts.engine.context import Context
from scripts.engine.event import EventKind
from scripts.engine.journal_reading import read_journal
from scripts.engine.step import Step
from scripts.observe.clock_reading import compare_clock
from tests.recovery.operators import Site
from tests.recovery.plans import MADE_AT, a_plan
from tests.recovery.toy_world import toy_steps


class JumpingClock(ManualClock):
    """A clock somebody sets while it runs."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.offset = timedelta()

    def now(self) -> datetime:
        """Return the moment it shows."""
        return super().now() + self.offset


@pytest.mark.fault("F51")
@pytest.mark.parametrize("jump", [timedelta(minutes=10), timedelta(minutes=-10)])
def test_a_clock_set_during_a_step_changes_no_duration_and_spends_no_budget(
    tmp_path: Path, jump: timedelta
) -> None:
    site = Site(tmp_path)
    clock = JumpingClock(MADE_AT)
    site.clock = clock

    def set_clock(step: Step, context: Context) -> None:
        clock.advance(timedelta(seconds=7))
        if step.id == "make-copy":
            clock.offset += jump

    site.world.on_act = set_clock
    report = site.operator().run(a_plan(*toy_steps()))
    took = {step.id: step.actual_s for step in report.steps}
    assert took["make-copy"] is not None
    assert 7 <= took["make-copy"] < 60
    kinds = [event.kind for event in read_journal(site.store, report.run_id)[0]]
    assert EventKind.STEP_SLOW not in kinds


def test_a_slow_answer_is_compared_with_the_middle_of_the_wait() -> None:
    clock = ManualClock(MADE_AT)

    def ask() -> datetime:
        clock.advance(timedelta(seconds=4))
        told_at = clock.now() + timedelta(seconds=600)
        clock.advance(timedelta(seconds=4))
        return told_at

    reading = compare_clock("AWS", ask, clock)
    assert (reading.ahead_s, reading.doubt_s) == (600.0, 4.0)
