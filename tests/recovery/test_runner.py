"""A run does its steps in order, each once; every way it can end has its own exit code and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifeboat.core.errors import ConfigError, LifeboatError, Refused, StepFailed, Stuck, Unverified
from scripts.engine.context import Context
from scripts.engine.event import EventKind
from scripts.engine.interruptions import BudgetSpent, Interrupted, Stale
from scripts.engine.lease_record import Hold, see_lease
from scripts.engine.places import report_key
from scripts.engine.step import Effect, Step
from tests.recovery.memory_store import Outage
from tests.recovery.operators import Site
from tests.recovery.plans import a_plan, a_step
from tests.recovery.toy_world import toy_steps

DONE_ONCE = {"make make-copy": 1, "flip turn-over": 1}


class Throttled(LifeboatError):
    """A call that may be tried again."""

    def __init__(self) -> None:
        super().__init__("too many requests", retryable=True)


def hold(site: Site) -> Hold:
    seen = see_lease(site.store, "production")
    assert seen is not None
    return seen.record.hold


def test_a_run_does_every_step_once_and_reports_what_it_measured(tmp_path: Path) -> None:
    site = Site(tmp_path)
    report = site.operator().run(a_plan(*toy_steps()))
    assert (report.outcome, report.phase) == ("done", "ended")
    assert site.world.calls == DONE_ONCE
    assert [step.status for step in report.steps] == ["verified"] * 4
    assert report.loss.measured_s == 12.5
    assert report.loss.is_met
    assert report.level == 3
    assert hold(site) is Hold.FREE
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
    assert hold(site) is Hold.FREE
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
    assert hold(site) is Hold.PARKED
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
    assert hold(site) is Hold.PARKED


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
    assert hold(site) is Hold.PARKED
    with pytest.raises(StepFailed, match="everything was undone"):
        site.operator("bob").resume()
    assert site.world.snapshot() == ([], {"turn-over": False})


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


@pytest.mark.parametrize("digest", ["", "0" * 64, "0" * 12])
def test_another_digest_is_stale_and_changes_nothing(tmp_path: Path, digest: str) -> None:
    site = Site(tmp_path)
    with pytest.raises(Stale) as caught:
        site.operator().runner.run(a_plan(), digest=digest, fingerprint=lambda: "world-1")
    assert caught.value.exit_code == 4
    assert site.store.objects == {}


def test_an_expired_plan_is_stale(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.wait(3600)
    with pytest.raises(Stale, match="expired"):
        site.operator().run(a_plan())


def test_a_changed_world_is_stale_and_leaves_the_environment_free(tmp_path: Path) -> None:
    site = Site(tmp_path)
    with pytest.raises(Stale, match="the world is not the one"):
        site.operator().run(a_plan(), fingerprint="world-2")
    assert hold(site) is Hold.FREE
    with pytest.raises(Stale, match="the world is not the one"):
        site.operator().resume(fingerprint="world-2")
    assert site.world.calls == {}


def test_a_plan_changed_after_it_began_is_stale(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.hidden.add("make-copy")
    with pytest.raises(Stuck):
        site.operator().run(a_plan())
    key = f"runs/{site.run_id}/plan.json"
    del site.store.objects[key]
    site.store.put_if_absent(key, a_plan(a_step(budget_s=999.0)).to_bytes())
    with pytest.raises(Stale, match="not with the one stored now"):
        site.operator().resume()


def test_an_unknown_run_and_an_unknown_kind_are_the_operators_input(tmp_path: Path) -> None:
    site = Site(tmp_path)
    with pytest.raises(ConfigError, match="no run run-x"):
        site.operator().resume("run-x")
    with pytest.raises(ConfigError, match="no step kind teleport"):
        site.operator().run(a_plan(a_step(kind="teleport")))
    assert site.store.objects == {}


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
