"""A plan that is not what was reviewed, or not of this world, changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifeboat.core.errors import ConfigError, Stuck
from scripts.engine.interruptions import Stale
from scripts.engine.lease_record import Hold
from tests.recovery.memory_store import Killed, Killer
from tests.recovery.operators import Site
from tests.recovery.plans import a_plan, a_step


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
    assert site.hold is Hold.FREE
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


def test_a_run_that_died_before_its_first_step_expires_with_its_plan(tmp_path: Path) -> None:
    site = Site(tmp_path)
    with pytest.raises(Killed):
        site.operator(killer=Killer(at=7)).run(a_plan())
    site.wait(3600)
    with pytest.raises(Stale, match="expired"):
        site.operator("bob").resume()
    assert site.operator("bob").abort().outcome == "undone"
