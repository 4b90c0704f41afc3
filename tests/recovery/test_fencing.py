"""A holder that was fenced does no further harm, wherever it was paused."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifeboat.core.errors import LeaseHeld, Refused
from scripts.engine.context import Context
from scripts.engine.journal_reading import read_journal
from scripts.engine.lease import EXPIRED, LeaseLost
from scripts.engine.run_state import Phase
from scripts.engine.step import Step
from tests.recovery.memory_store import Killed, Killer, MemoryStore
from tests.recovery.operators import Site
from tests.recovery.plans import a_plan
from tests.recovery.toy_world import toy_steps

PLAN = a_plan(*toy_steps())


@pytest.mark.fault("F43")
def test_two_operators_at_once_exactly_one_runs(tmp_path: Path) -> None:
    site = Site(tmp_path)
    refused: list[LeaseHeld] = []

    def second(step: Step, context: Context) -> None:
        if step.id == "make-copy":
            with pytest.raises(LeaseHeld) as caught:
                site.operator("bob").run(PLAN)
            refused.append(caught.value)

    site.world.on_act = second
    report = site.operator().run(PLAN)
    assert report.outcome == "done"
    assert f"run {report.run_id} (alice@host pid 1)" in refused[0].message
    assert site.world.calls == {"make make-copy": 1, "flip turn-over": 1}


@pytest.mark.fault("F43")
@pytest.mark.parametrize("resumes", [True, False], ids=["resumed", "new run"])
def test_a_paused_holder_that_wakes_after_a_takeover_does_no_harm(tmp_path: Path, resumes: bool) -> None:
    """It was paused inside an act; when it wakes another process has finished; it writes and does nothing."""
    site = Site(tmp_path)
    after: list[tuple[object, ...]] = []

    def pause(step: Step, context: Context) -> None:
        if step.id == "look-around" and not after:
            after.append(())
            site.wait(61)
            bob = site.operator("bob")
            if resumes:
                bob.resume()
            else:
                bob.run(PLAN, take_over=EXPIRED)
            after[:] = [(dict(site.world.calls), dict(site.store.objects))]

    site.world.on_act = pause
    with pytest.raises(LeaseLost) as caught:
        site.operator().run(PLAN)
    assert caught.value.exit_code == 7
    assert after == [(dict(site.world.calls), dict(site.store.objects))], "nothing changed after it woke"
    assert site.world.calls == {"make make-copy": 1, "flip turn-over": 1}


def test_a_holder_paused_between_check_and_write_finds_the_number_taken(tmp_path: Path) -> None:
    """The narrowest gap: the lease was fine when it was read; the event comes after the takeover."""
    site = Site(tmp_path)
    woken: list[str] = []

    class PausedStore(MemoryStore):
        def put_if_absent(self, key: str, body: bytes) -> str:
            """Write, after a takeover in the middle of the eighth event."""
            if key.endswith("/journal/000008.json") and not woken:
                woken.append(key)
                site.wait(61)
                site.operator("bob", store=self).run(PLAN, take_over=EXPIRED)
            return super().put_if_absent(key, body)

    site.store = PausedStore(site.clock)
    alice = site.operator()
    with pytest.raises(LeaseLost, match="event 8 was written by another process"):
        alice.run(PLAN)
    first = sorted({key.split("/")[1] for key in site.store.objects if key.startswith("runs/")})
    phases = {read_journal(site.store, run_id)[1].phase for run_id in first}
    assert phases == {Phase.FENCED, Phase.ENDED}
    assert site.world.calls == {"make make-copy": 1, "flip turn-over": 1}


def test_a_holder_paused_between_its_intent_and_its_act_does_not_act(tmp_path: Path) -> None:
    """The intent was written in time; the call must not be made after the takeover."""
    site = Site(tmp_path)
    woken: list[str] = []

    class PausedStore(MemoryStore):
        def put_if_absent(self, key: str, body: bytes) -> str:
            """Write, and lose the environment right after the intent to make the copy."""
            etag = super().put_if_absent(key, body)
            if b'"kind":"step_intended"' in body and b'"make-copy"' in body and not woken:
                woken.append(key)
                site.wait(61)
                site.operator("bob", store=self).run(PLAN, take_over=EXPIRED)
            return etag

    site.store = PausedStore(site.clock)
    with pytest.raises(LeaseLost, match="no longer holds"):
        site.operator().run(PLAN)
    assert site.world.calls == {"make make-copy": 1, "flip turn-over": 1}


def test_a_fenced_run_is_neither_resumed_nor_aborted(tmp_path: Path) -> None:
    site = Site(tmp_path)
    with pytest.raises(Killed):
        site.operator(killer=Killer(at=30)).run(PLAN)
    dead = site.run_id
    site.wait(61)
    site.operator("bob").run(PLAN, take_over=dead)
    for call in (site.operator("carol").resume, site.operator("carol").abort):
        with pytest.raises(Refused, match="lost environment production"):
            call(dead)
