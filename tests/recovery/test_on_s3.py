"""The engine on S3: the same run, killed, fenced and resumed, with its journal in a real bucket."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifeboat.core.errors import LeaseHeld
from scripts.engine.context import Context
from scripts.engine.journal_reading import read_journal
from scripts.engine.lease import LeaseLost
from scripts.engine.run_state import Phase
from scripts.engine.step import Step
from tests.localcloud_aws.cloud_process import CloudProcess
from tests.recovery.memory_store import Killed, Killer
from tests.recovery.operators import Site
from tests.recovery.plans import a_plan
from tests.recovery.s3_stores import open_store, s3_store
from tests.recovery.toy_world import toy_steps

PLAN = a_plan(*toy_steps())
DONE_ONCE = {"make make-copy": 1, "flip turn-over": 1}


@pytest.mark.parametrize("moment", [6, 17, 30])
def test_a_killed_run_is_resumed_from_the_bucket_alone(
    aws: CloudProcess, tmp_path: Path, moment: int
) -> None:
    site = Site(tmp_path)
    store = s3_store(aws)
    with pytest.raises(Killed):
        site.operator(store=store, killer=Killer(at=moment)).run(PLAN)
    (run_id,) = {key.split("/")[1] for key in store.keys("runs/")}
    bob = site.operator("bob", store=open_store(aws))
    with pytest.raises(LeaseHeld, match="alive"):
        bob.resume(run_id)
    aws.advance(61)
    assert bob.resume(run_id).outcome == "done"
    assert site.world.calls == DONE_ONCE
    assert read_journal(open_store(aws), run_id)[1].phase is Phase.ENDED


def test_a_holder_paused_over_a_takeover_loses_in_the_bucket_too(aws: CloudProcess, tmp_path: Path) -> None:
    site = Site(tmp_path)
    store = s3_store(aws)
    woken: list[str] = []

    def pause(step: Step, context: Context) -> None:
        if not woken:
            woken.append(context.run_id)
            site.operator("bob", store=open_store(aws)).resume(context.run_id, take_over=True)

    site.world.on_act = pause
    with pytest.raises(LeaseLost):
        site.operator(store=store).run(PLAN)
    assert site.world.calls == DONE_ONCE
