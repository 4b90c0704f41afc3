"""What stops a run before its end: bugs, Ctrl-C, spent budgets, silence; each leaves it resumable."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from lifeboat.core.errors import LifeboatError, Refused, Stuck
from scripts.engine.cancellation import cancelled_by_interrupt
from scripts.engine.context import Context
from scripts.engine.event import EventKind
from scripts.engine.interruptions import BudgetSpent, Interrupted
from scripts.engine.step import Step
from tests.recovery.memory_store import Outage
from tests.recovery.operators import Site
from tests.recovery.plans import a_plan, a_step
from tests.recovery.toy_world import toy_steps

DONE_ONCE = {"make make-copy": 1, "flip turn-over": 1}


class Throttled(LifeboatError):
    """A call that may be tried again."""

    def __init__(self) -> None:
        super().__init__("too many requests", retryable=True)


def test_a_bug_keeps_its_traceback_and_leaves_the_run_resumable(tmp_path: Path) -> None:
    site = Site(tmp_path)

    def crash(step: Step, context: Context) -> None:
        raise ZeroDivisionError

    site.world.on_act = crash
    with pytest.raises(ZeroDivisionError):
        site.operator().run(a_plan(a_step()))
    site.world.on_act = lambda _step, _context: None
    assert site.operator("bob").resume().outcome == "done"


def test_ctrl_c_stops_at_the_next_safe_point_and_the_run_can_be_resumed(tmp_path: Path) -> None:
    site = Site(tmp_path)
    alice = site.operator()

    def interrupt(step: Step, context: Context) -> None:
        if step.id == "make-copy":
            alice.cancellation.ask()

    site.world.on_act = interrupt
    with pytest.raises(Interrupted) as caught:
        alice.run(a_plan(*toy_steps()))
    assert caught.value.exit_code == 8
    assert "run resume" in caught.value.hint
    assert alice.events[-1].kind is EventKind.RUN_PAUSED
    assert alice.events[-1].data["reason"] == "Interrupted"
    assert site.world.calls == {"make make-copy": 1}, "the call under way was let through"
    assert site.operator("bob").resume().outcome == "done"
    assert site.world.calls == DONE_ONCE


def test_ctrl_c_between_two_steps_begins_none(tmp_path: Path) -> None:
    site = Site(tmp_path)
    alice = site.operator()
    site.world.on_act = lambda _step, _context: alice.cancellation.ask()
    with pytest.raises(Interrupted):
        alice.run(a_plan(*toy_steps()))
    assert {event.step for event in alice.events} == {"", "look-around"}


def test_the_first_signal_is_a_wish_and_the_second_interrupts() -> None:
    told: list[str] = []
    before = signal.getsignal(signal.SIGINT)
    with cancelled_by_interrupt(told.append) as cancellation:
        signal.raise_signal(signal.SIGINT)
        assert cancellation.asked
        assert "the run stays resumable" in told[0]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_the_operator_is_warned_at_80_percent_of_a_budget_and_asked_at_100(tmp_path: Path) -> None:
    site = Site(tmp_path, looks=200)
    alice = site.operator()
    with pytest.raises(BudgetSpent, match="step make-copy has spent its budget of 100 s") as caught:
        alice.run(a_plan(a_step(budget_s=100.0)))
    assert caught.value.exit_code == 6
    slow = [event for event in alice.events if event.kind is EventKind.STEP_SLOW]
    assert [event.data["elapsed_s"] for event in slow] == [80.0]
    site.world.things["make-copy"].looks_left = 3
    assert site.operator("bob").resume().steps[0].was_slow


def test_a_call_whose_effect_never_shows_is_not_taken_for_done(tmp_path: Path) -> None:
    site = Site(tmp_path)
    plan = a_plan(a_step("vanish", kind="flip"))
    site.world.call = lambda *_: None  # type: ignore[method-assign]  # the world swallows the call
    with pytest.raises(Stuck, match="the call succeeded, and the world does not show it"):
        site.operator().run(plan)


@pytest.mark.parametrize("writes", range(1, 16))
def test_a_store_that_falls_silent_stops_the_run_where_it_is(tmp_path: Path, writes: int) -> None:
    """After any number of writes: nothing is done that could not be written down, and resuming ends right."""
    site = Site(tmp_path)
    outage = Outage(site.store, writes)
    with pytest.raises((Stuck, Refused), match="does not answer"):
        site.operator(store=outage).run(a_plan(*toy_steps()))
    site.wait(61)
    assert site.operator("bob").resume().outcome == "done"
    assert site.world.calls == DONE_ONCE


def test_a_look_that_is_throttled_is_tried_again_and_one_that_is_refused_is_unknown(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.look_fails["make-copy"] = [Throttled(), Throttled()]
    site.operator().run(a_plan(a_step()))
    site.world.look_fails["make-copy"] = [Refused("access denied")]
    with pytest.raises(Stuck, match="cannot tell whether it is done: access denied"):
        site.operator().run(a_plan(a_step()))
    assert site.world.calls == {"make make-copy": 1}
