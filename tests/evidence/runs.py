"""Runs of the toy procedure that ended in every way a run can end, and the packs made of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from lifeboat.core.errors import LifeboatError, Refused
from scripts.engine.context import Context
from scripts.engine.interruptions import Stale
from scripts.engine.json_values import Json
from scripts.engine.plan import Plan
from scripts.engine.step import Step
from scripts.evidence.pack import Pack, read_pack
from tests.recovery.operators import Site
from tests.recovery.plans import CHECKS, a_plan, an_approval
from tests.recovery.toy_world import ToyWorld, toy_steps

PLAN = a_plan(*toy_steps())


def run_at(site: Site, plan: Plan = PLAN) -> Pack:
    """Run a plan to whatever end it comes to, and return the pack of it."""
    with suppress(LifeboatError):
        site.operator().run(plan)
    return read_pack(site.store, site.run_id)


def finished(directory: Path) -> Pack:
    """A run that did everything, with notes of probes, rows and tools, on a clock that goes on."""
    site = Site(directory)

    def note(step: Step, context: Context) -> None:
        site.wait({"make-copy": 92.0, "turn-over": 7.5}.get(step.id, 1.25))
        if step.id == "turn-over":
            samples: list[Json] = [[f"2026-11-22T08:01:{at:02d}Z", not 20 <= at < 27] for at in range(60)]
            context.note("probes", name="app", samples=samples)
            before: dict[str, Json] = {"orders": 1200, "pictures": 88}
            context.note("rows", before=before, after={"orders": 1198, "pictures": 88})
            context.note("tools", pg_dump="17.2")
            context.note("outage", measured_s=7.0, how="first to last failed probe")

    site.world.on_act = note
    return run_at(site)


def failed(directory: Path) -> Pack:
    """A run of which a step was refused, and everything was undone."""
    site = Site(directory)
    site.world.fail["turn-over"] = [Refused("quota reached: 3 of 3 instances")]
    return run_at(site)


def paused(directory: Path) -> Pack:
    """A run that stands still for a copy nobody could verify."""
    site = Site(directory)
    site.world.findings["make-copy"] = ("3 rows are missing",)
    return run_at(site)


def aborted(directory: Path) -> Pack:
    """A run that an operator took back, in a second process."""
    site = Site(directory)
    site.world.findings["turn-over"] = ("no",)
    run_at(site)
    site.operator("bob").abort()
    return read_pack(site.store, site.run_id)


def never_began(directory: Path) -> Pack:
    """A run whose world had changed before it began."""
    site = Site(directory)
    with suppress(Stale):
        site.operator().run(PLAN, fingerprint="world-2")
    return read_pack(site.store, site.run_id)


def taken_over(directory: Path) -> Pack:
    """A run that stood still until another one took its environment."""
    site = Site(directory)
    site.world.findings["make-copy"] = ("3 rows are missing",)
    run_id = run_at(site).report.run_id
    site.world = ToyWorld()
    site.wait(1)
    site.operator("bob").run(PLAN, take_over=run_id)
    return read_pack(site.store, run_id)


def approved(directory: Path) -> Pack:
    """A run somebody agreed to, with a doubt that was accepted."""
    site = Site(directory)
    plan = a_plan(*toy_steps(), checks=CHECKS)
    site.operator().run(plan, approval=an_approval(plan))
    return read_pack(site.store, site.run_id)


RUNS: Mapping[str, Callable[[Path], Pack]] = {
    "finished": finished,
    "approved": approved,
    "failed": failed,
    "paused": paused,
    "aborted": aborted,
    "never_began": never_began,
    "taken_over": taken_over,
}


def verify_bare(verifier: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a verifier in a Python that sees nothing but its own standard library."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(verifier), *arguments],
        cwd=cwd,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
