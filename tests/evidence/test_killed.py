"""A process killed at any moment leaves a run whose evidence verifies, before and after somebody goes on."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from lifeboat.core.errors import LifeboatError
from scripts.engine.places import plan_key
from scripts.evidence.pack import read_pack
from scripts.evidence.verify_evidence import verify
from tests.evidence.runs import PLAN, taken_over
from tests.recovery.memory_store import Killed, Killer
from tests.recovery.operators import Site


def phases(site: Site) -> str:
    """Return where the newest run stands, its evidence verified."""
    pack = read_pack(site.store, site.run_id)
    assert verify(dict(pack.files), pack.report.chain)
    return pack.report.phase


@pytest.mark.parametrize("refused", [False, True], ids=["forwards", "backwards"])
def test_a_run_killed_at_every_moment_has_evidence(refused: bool, tmp_path: Path) -> None:
    seen, at, was_killed = set(), 0, True
    while was_killed:
        at += 1
        site, killer = Site(tmp_path / str(at)), Killer(at=at)
        if refused:
            site.world.hidden.add("check")
            site.world.fail["turn-over"] = [LifeboatError("refused")]
        with suppress(Killed, LifeboatError):
            site.operator(killer=killer).run(PLAN)
        was_killed = killer.dead
        if not any(key.endswith("/plan.json") for key in site.store.objects):
            continue
        assert site.store.get(plan_key(site.run_id)) is not None
        seen.add(phases(site))
        site.wait(3600 if at % 2 else 120)
        with suppress(LifeboatError):
            site.operator("bob").resume(take_over=True)
        seen.add(phases(site))
    assert at > 30
    assert {"not begun", "begun", "running", "ended"} <= seen


def test_a_run_that_was_taken_over_has_evidence_of_its_own(tmp_path: Path) -> None:
    pack = taken_over(tmp_path)
    assert pack.report.phase == "fenced"
    assert verify(dict(pack.files), pack.report.chain)
    assert b"Taken over" in pack.files["report.html"]
