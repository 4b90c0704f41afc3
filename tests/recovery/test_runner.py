"""A run does its steps in order, each once; every way it can end has its own exit code and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifeboat.core.errors import LifeboatError, Refused, StepFailed, Stuck, Unverified
from scripts.engine.context import Context
from scripts.engine.lease_record import Hold
from scripts.engine.places import report_key
from scripts.engine.step import Effect, Step
from tests.recovery.operators import Site
from tests.recovery.plans import a_plan, a_step
from tests.recovery.toy_world import toy_steps

DONE_ONCE = {"make make-copy": 1, "flip turn-over": 1}


class Throttled(LifeboatError):
    """A call that may be tried again."""

    def __init__(self) -> None:
        super().__init__("too many requests", retryable=True)


def test_a_run_does_every_step_once_and_reports_what_it_measured(tmp_path: Path) -> None:
    site = Site(tmp_path)
    report = site.operator().run(a_plan(*toy_steps()))
    assert (report.outcome, report.phase) == ("done", "ended")
    assert site.world.calls == DONE_ONCE
    assert [step.status for step in report.steps] == ["verified"] * 4
    assert report.loss.measured_s == 12.5
    assert report.loss.is_met
    assert report.level == 3
    assert site.hold is Hold.FREE
    stored = site.store.get(report_key(report.run_id))
    assert stored is not None
    assert stored.body == report.to_bytes()


def test_later_steps_get_what_the_earlier_ones_gave(tmp_path: Path) -> None:
    site = Site(tmp_path)
    seen: dict[str, object] = {}

    def remember(step: Step, context: Context) -> None:
        seen[step.id] = dict(context.results)

    site.world.on_act = remember
    report = site.operator().run(a_plan(*toy_steps()))
    results = seen["check"]
    assert isinstance(results, dict)
    assert list(results) == ["look-around", "make-copy", "turn-over"]
    assert results["make-copy"] == {"asked": True, "name": "make-copy", "made_by": report.run_id}


def test_what_is_there_already_is_not_done_again(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.switches["turn-over"] = True
    report = site.operator().run(a_plan(*toy_steps()))
    assert site.world.calls == {"make make-copy": 1}
    assert [step.is_measured for step in report.steps] == [True, True, False, True]


def test_a_step_that_fails_undoes_everything_in_reverse_and_ends_with_5(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.fail["last"] = [Refused("quota reached", hint="ask for more")]
    steps = (*toy_steps(), a_step("last"))
    with pytest.raises(StepFailed, match="step last failed and everything was undone: quota reached"):
        site.operator().run(a_plan(*steps))
    assert site.world.snapshot() == ([], {"turn-over": False})
    assert site.world.calls == {**DONE_ONCE, "flip back turn-over": 1, "remove make-copy": 1}
    assert site.hold is Hold.FREE
    with pytest.raises(StepFailed, match="quota reached"):
        site.operator("bob").resume()


def test_a_call_that_failed_after_its_effect_is_found_to_be_done(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.fail_after["make-copy"] = [Stuck("no answer in time")]
    site.operator().run(a_plan(*toy_steps()))
    assert site.world.calls == DONE_ONCE


def test_throttling_is_waited_out_within_the_budget(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.fail["make-copy"] = [Throttled(), Throttled()]
    report = site.operator().run(a_plan(*toy_steps()))
    assert report.steps[1].attempts == 3
    assert site.world.calls == DONE_ONCE


def test_throttling_without_end_fails_the_step(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.fail["turn-over"] = [Throttled() for _ in range(9)]
    with pytest.raises(StepFailed, match="too many requests"):
        site.operator().run(a_plan(*toy_steps()))
    assert site.world.things == {}


def test_what_nobody_can_tell_stops_the_run_with_6_and_resuming_looks_again(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.hidden.add("make-copy")
    with pytest.raises(Stuck, match="step make-copy: cannot tell whether it is done"):
        site.operator().run(a_plan(*toy_steps()))
    assert site.hold is Hold.PARKED
    site.world.hidden.clear()
    assert site.operator("bob").resume().outcome == "done"
    assert site.world.calls == DONE_ONCE


def test_what_broke_while_being_made_is_removed_and_ends_with_5(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.breaks.add("make-copy")
    with pytest.raises(StepFailed, match="make-copy is broken"):
        site.operator().run(a_plan(*toy_steps()))
    assert site.world.calls == {"make make-copy": 1, "remove make-copy": 1}
    assert site.world.snapshot() == ([], {})


def test_what_broke_and_cannot_be_removed_is_for_a_human(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.breaks.add("make-copy")
    with pytest.raises(Stuck, match="make-copy cannot be undone: make-copy is broken"):
        site.operator().run(a_plan(a_step(undoable=False)))
    assert site.hold is Hold.PARKED


def test_a_step_not_verified_ends_with_8_and_goes_on_once_it_is(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.findings["make-copy"] = ("3 rows are missing",)
    with pytest.raises(Unverified, match="not verified: 3 rows are missing"):
        site.operator().run(a_plan(*toy_steps()))
    assert site.world.switches == {}, "nothing was turned over to an unproven copy"
    with pytest.raises(Unverified):
        site.operator("bob").resume()
    site.world.findings.clear()
    assert site.operator("bob").resume().outcome == "done"
    assert site.world.calls == DONE_ONCE


def test_after_the_point_of_no_return_nothing_is_undone(tmp_path: Path) -> None:
    site = Site(tmp_path)
    promote = a_step("promote", kind="flip", effect=Effect.DANGEROUS, undoable=False)
    site.world.fail["last"] = [Refused("no")]
    plan = a_plan(a_step(), promote, a_step("last"))
    with pytest.raises(Stuck, match="step last failed and promote cannot be undone"):
        site.operator().run(plan)
    assert site.world.snapshot() == (["make-copy"], {"promote": True})
    with pytest.raises(Refused, match="step promote was done and cannot be undone"):
        site.operator("bob").abort()
    assert site.operator("bob").resume().outcome == "done"


def test_a_failure_after_the_commit_undoes_nothing_by_itself_and_an_abort_still_does(tmp_path: Path) -> None:
    site = Site(tmp_path)
    turn = a_step("turn-over", kind="flip", effect=Effect.DANGEROUS, commits=True)
    site.world.fail["last"] = [Refused("no")]
    with pytest.raises(Stuck, match="step last failed, and step turn-over is done: no"):
        site.operator().run(a_plan(a_step(), turn, a_step("last")))
    assert site.world.snapshot() == (["make-copy"], {"turn-over": True})
    assert site.operator("bob").abort().outcome == "undone"
    assert site.world.snapshot() == ([], {"turn-over": False})


def test_an_abort_undoes_and_ends_with_0(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.findings["turn-over"] = ("no",)
    with pytest.raises(Unverified):
        site.operator().run(a_plan(*toy_steps()))
    report = site.operator("bob").abort()
    assert report.outcome == "undone"
    assert site.world.snapshot() == ([], {"turn-over": False})
    assert report.actors == ("alice@host pid 1", "bob@host pid 1")
    with pytest.raises(Refused, match="has ended"):
        site.operator("bob").abort()
    assert site.operator("bob").resume().outcome == "undone"


def test_a_failed_undo_is_a_result_for_a_human_and_can_be_resumed(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.fail["last"] = [Refused("no")]
    plan = a_plan(*toy_steps(), a_step("last"))

    def refuse_undo(step: Step, context: Context) -> None:
        if step.id == "last":
            site.world.fail["turn-over"] = [Refused("locked")]

    site.world.on_act = refuse_undo
    with pytest.raises(Stuck, match="step turn-over could not be undone: locked"):
        site.operator().run(plan)
    assert site.hold is Hold.PARKED
    with pytest.raises(StepFailed, match="everything was undone"):
        site.operator("bob").resume()
    assert site.world.snapshot() == ([], {"turn-over": False})


def test_an_undo_that_changed_nothing_is_not_taken_for_done(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.lasting.add("make-copy")
    site.world.fail["turn-over"] = [Refused("no")]
    with pytest.raises(Stuck, match="it was undone, and the world still shows it"):
        site.operator().run(a_plan(*toy_steps()))
    assert site.hold is Hold.PARKED
