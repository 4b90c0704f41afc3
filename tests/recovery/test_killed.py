"""A process killed at any moment at all: another one, with an empty disk, brings the run to its right end.

The moments are enumerated, not sampled: before and after every write of the store (plan, lease, each event,
report) and before and after every change of the world. Every side effect happens exactly once.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lifeboat.core.errors import ConfigError, LeaseHeld, LifeboatError, Refused, StepFailed
from scripts.engine.journal_reading import read_journal, read_objects
from scripts.engine.lease import EXPIRED
from scripts.engine.lease_record import Hold, see_lease
from scripts.engine.local_copy import LocalCopy
from scripts.engine.report import Report
from scripts.engine.run_state import Phase
from tests.recovery.memory_store import Killed, Killer
from tests.recovery.operators import Operator, Site
from tests.recovery.plans import a_plan, a_step
from tests.recovery.toy_world import toy_steps

PLAN = a_plan(*toy_steps())
DOOMED = a_plan(*toy_steps(), a_step("last"))
FORWARDS = {"make make-copy": 1, "flip turn-over": 1}
BACKWARDS = {**FORWARDS, "flip back turn-over": 1, "remove make-copy": 1}


def run_well(operator: Operator) -> None:
    operator.run(PLAN)


def run_into_failure(operator: Operator) -> None:
    operator.site.world.fail["last"] = [Refused("no")] * 5
    with pytest.raises(StepFailed):
        operator.run(DOOMED)


def stop_and_abort(operator: Operator) -> None:
    operator.site.world.findings["check"] = ("no",)
    with pytest.raises(LifeboatError):
        operator.run(PLAN)
    operator.abort()


def moments_of(work: Callable[[Operator], None], directory: Path) -> list[str]:
    """Every moment at which this work can be killed, by doing it once without."""
    killer = Killer()
    work(Site(directory).operator(killer=killer))
    return killer.names


def killed_at(work: Callable[[Operator], None], site: Site, moment: int) -> bool:
    """Do the work and die at a moment; False when there is no such moment any more."""
    killer = Killer(at=moment)
    try:
        work(site.operator(killer=killer))
    except Killed:
        return True
    return False


def come_back(site: Site, name: str = "bob", killer: Killer | None = None) -> Report:
    """Do what an operator does who finds the run dead: wait and resume; or run it, if it never began."""
    site.wait(61)
    operator = site.operator(name, killer=killer)
    return operator.resume() if site.store.objects else operator.run(PLAN)


def assert_in_order(site: Site) -> None:
    """The lease is free, the journal whole, and every thing made by this run."""
    seen = see_lease(site.store, "production")
    assert seen is not None
    assert seen.record.hold is Hold.FREE
    _, state = read_journal(site.store, site.run_id)
    assert state.phase == "ended"


def test_the_enumeration_covers_every_event_and_every_change(tmp_path: Path) -> None:
    names = moments_of(run_well, tmp_path)
    site = Site(tmp_path / "again")
    operator = site.operator()
    run_well(operator)
    for sequence in range(1, len(operator.events) + 1):
        assert sum(name.endswith(f"/journal/{sequence:06d}.json") for name in names) == 2
    for other in ("plan.json", "report.json", "make make-copy", "flip turn-over"):
        assert sum(name.endswith(other) for name in names) == 2
    assert sum("leases/" in name for name in names) == 4, "taken and released"
    assert len(names) == 2 * (len(operator.events) + 6)


@pytest.mark.fault("F45")
@pytest.mark.fault("F44")
def test_a_run_killed_anywhere_is_brought_to_its_end(tmp_path: Path) -> None:
    moments = moments_of(run_well, tmp_path / "count")
    for moment in range(1, len(moments) + 1):
        site = Site(tmp_path / str(moment))
        assert killed_at(run_well, site, moment), moments[moment - 1]
        report = come_back(site)
        assert report.outcome == "done", moments[moment - 1]
        assert site.world.calls == FORWARDS, moments[moment - 1]
        assert site.world.snapshot() == (["make-copy"], {"turn-over": True})
        assert_in_order(site)


def test_a_failing_run_killed_anywhere_is_undone(tmp_path: Path) -> None:
    moments = moments_of(run_into_failure, tmp_path / "count")
    for moment in range(1, len(moments) + 1):
        site = Site(tmp_path / str(moment))
        assert killed_at(run_into_failure, site, moment), moments[moment - 1]
        site.wait(61)
        if not site.store.objects:
            continue
        with pytest.raises(StepFailed):
            site.operator("bob").resume()
        assert site.world.snapshot() in (([], {"turn-over": False}), ([], {})), moments[moment - 1]
        assert site.world.calls == BACKWARDS, moments[moment - 1]
        assert_in_order(site)


def test_an_abort_killed_anywhere_is_finished(tmp_path: Path) -> None:
    moments = moments_of(stop_and_abort, tmp_path / "count")
    for moment in range(1, len(moments) + 1):
        site = Site(tmp_path / str(moment))
        assert killed_at(stop_and_abort, site, moment), moments[moment - 1]
        site.wait(61)
        if not site.store.objects:
            continue
        _, state = read_journal(site.store, site.run_id)
        bob = site.operator("bob")
        report = bob.resume() if state.phase is Phase.ENDED else bob.abort()
        assert report.outcome == "undone"
        assert site.world.snapshot() in (([], {"turn-over": False}), ([], {})), moments[moment - 1]
        assert all(count == 1 for count in site.world.calls.values()), moments[moment - 1]
        assert_in_order(site)


def test_a_run_killed_twice_is_still_brought_to_its_end(tmp_path: Path) -> None:
    """The second process dies too, at every moment of its own, for a first death in the middle of an act."""
    moments = moments_of(run_well, tmp_path / "count")
    first = moments.index("after make make-copy") + 1
    second = 0
    while True:
        second += 1
        site = Site(tmp_path / str(second))
        assert killed_at(run_well, site, first)
        try:
            come_back(site, killer=Killer(at=second))
        except Killed:
            report = come_back(site, "carol")
            assert report.outcome == "done"
        else:
            break
        assert site.world.calls == FORWARDS
        assert_in_order(site)
    assert second > 30


def test_resuming_on_the_same_disk_needs_no_empty_one(tmp_path: Path) -> None:
    moments = moments_of(run_well, tmp_path / "count")
    for moment in range(3, len(moments) + 1, 3):
        site = Site(tmp_path / str(moment))
        assert killed_at(run_well, site, moment)
        report = come_back(site, "alice")
        local = LocalCopy(site.directory / "alice", report.run_id)
        assert local.read() == read_objects(site.store, report.run_id)
        assert report.outcome == "done"
        assert site.world.calls == FORWARDS


def test_before_the_lease_has_expired_the_dead_run_is_protected(tmp_path: Path) -> None:
    site = Site(tmp_path)
    assert killed_at(run_well, site, 20)
    with pytest.raises(LeaseHeld, match=r"held by run run-.* \(alice@host pid 1\), last sign of life"):
        site.operator("bob").resume()
    assert site.operator("bob").resume(take_over=True).outcome == "done"


def test_a_plan_whose_run_died_before_it_began_can_be_run_again(tmp_path: Path) -> None:
    site = Site(tmp_path)
    killer = Killer(at=4)
    with pytest.raises(Killed):
        site.operator(killer=killer).run(PLAN)
    assert killer.names[-1] == "after leases/production.json"
    with pytest.raises(LeaseHeld):
        site.operator("bob").run(PLAN)
    site.wait(61)
    with pytest.raises(LeaseHeld, match="expired"):
        site.operator("bob").run(PLAN)
    assert site.operator("bob").run(PLAN, take_over=EXPIRED).outcome == "done"
    assert site.world.calls == FORWARDS


def test_there_is_nothing_to_resume_in_an_empty_store(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no run run-20261122-080000-abcdef"):
        Site(tmp_path).operator().resume("run-20261122-080000-abcdef")
