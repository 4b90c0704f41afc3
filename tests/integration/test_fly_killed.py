"""Killed at many moments: whoever dies, the next `up` ends with exactly what is declared.

Some environments lose a process while they are made, one loses one in each of many changes of its image.
Both go on side by side, because most of the time of either is waiting. `make soak` kills twenty times.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from lifeboat.core.clock import SystemClock
from tests.integration.fly_view import FlyView
from tests.integration.killed_up import Victim, kill_during_up
from tests.integration.moments import drawn
from tests.integration.project import Project
from tests.integration.small_environment import SmallEnvironment
from tests.waiting import soon

pytestmark = pytest.mark.engine

SEED = os.environ.get("LIFEBOAT_TEST_SEED", "many moments")
MOMENTS = int(os.environ.get("LIFEBOAT_MOMENTS", "4"))
FRESH = MOMENTS * 2 // 5
VICTIMS = tuple(Victim)
PREVIEWED = 4
"""Each fourth moment is followed by a preview, which takes as long as an `up`."""
LEASE_S = 15.0
_CLOCK = SystemClock()


# Twice as many runs of the engine as moments: on a busy machine they take longer than other tests may.
@pytest.mark.timeout(900)
def test_whoever_is_killed_the_next_up_ends_with_exactly_what_is_declared(project: Project) -> None:
    model = SmallEnvironment(name="model").write(project)
    fresh_s = timed(lambda: project.up(model.name))
    model.renew(project)
    change_s = timed(lambda: project.up(model.name))
    with FlyView(project, model.stack) as fly, ThreadPoolExecutor(max_workers=2) as pool:
        works = [
            pool.submit(kill_fresh_ones, project, fly, fresh_s),
            pool.submit(kill_changes, project, fly, model, change_s),
        ]
        for work in works:
            work.result()


def kill_fresh_ones(project: Project, fly: FlyView, length_s: float) -> None:
    """Kill the first `up` of one environment after the other."""
    for number in range(FRESH):
        environment = SmallEnvironment(name=f"fresh{number}").write(project)
        kill(project, environment, number, length_s)
        heal(project, environment, number, fly)
        fly.client.apps.delete(environment.app)


def kill_changes(project: Project, fly: FlyView, environment: SmallEnvironment, length_s: float) -> None:
    """Kill one change of the image after the other."""
    for number in range(FRESH, MOMENTS):
        environment.renew(project)
        kill(project, environment, number, length_s)
        heal(project, environment, number, fly)


def kill(project: Project, environment: SmallEnvironment, number: int, length_s: float) -> None:
    """Kill at the moment of a number; earlier, in another change, when the run was over by then."""
    victim = VICTIMS[number % len(VICTIMS)]
    after_s = drawn(SEED, number) * length_s
    while not kill_during_up(project, environment.name, victim, after_s):
        environment.renew(project)
        after_s /= 2
    # Shown when it fails.
    print(f"seed {SEED!r}, moment {number}: {environment.name}, {victim} killed after {after_s:.2f} s")  # noqa: T201


def heal(project: Project, environment: SmallEnvironment, number: int, fly: FlyView) -> None:
    """Bring the environment up again and compare the world with what is declared."""
    project.up(environment.name)
    there = fly.machines(environment.app)
    assert {name: machine.state == "started" for name, machine in there.items()} == environment.machines
    assert {name: not machine.cordoned for name, machine in there.items()} == environment.machines
    assert {machine.effective_config["image"] for machine in there.values()} == {environment.image(project)}
    assert {machine.id for machine in there.values()} == recorded_machines(project, environment)
    volumes = fly.client.volumes.list(environment.app)
    assert sorted(volume.region for volume in volumes) == ["ord", "sjc"]
    # What the killed one held and nobody needed since ends by itself.
    assert soon(lambda: fly.leased(environment.app) == [], within_s=LEASE_S)
    if number % PREVIEWED == PREVIEWED - 1:
        shown = project.pulumi(environment.stack, "preview", "--expect-no-changes")
        assert shown.returncode == 0, shown.stdout + shown.stderr


def recorded_machines(project: Project, environment: SmallEnvironment) -> set[str]:
    """Return the ids the state knows; it must have no open operations."""
    path = project.directory / f".lifeboat/state/.pulumi/stacks/lifeboat/{environment.stack}.json"
    latest = json.loads(path.read_text())["checkpoint"]["latest"]
    assert latest.get("pending_operations", []) == []
    groups = [one for one in latest["resources"] if one["type"] == "fly:index:MachineGroup"]
    return {machine["id"] for group in groups for machine in group["outputs"]["machines"]}


def timed(work: Callable[[], object]) -> float:
    """Return how long some work takes, in seconds."""
    began_s = _CLOCK.monotonic_s()
    work()
    return _CLOCK.monotonic_s() - began_s
