"""Declared faults of the local Fly, seen by whoever runs `up`."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from lifeboat.core.errors import Unverified
from tests.integration.fly_view import FlyView
from tests.integration.project import Project
from tests.integration.small_environment import SmallEnvironment

pytestmark = pytest.mark.engine


@pytest.fixture
def faults(project: Project) -> Iterator[Project]:
    """Yield the project with its cloud up; afterwards no fault is left."""
    project.succeed("cloud", "up")
    yield project
    project.succeed("cloud", "fault", "clear")


def environment(project: Project, name: str) -> SmallEnvironment:
    """Write the data of an environment that no disk keeps in its region."""
    return SmallEnvironment(name=name, has_disk=False).write(project)


def test_without_room_in_the_region_machines_stand_in_the_fallback_region(faults: Project) -> None:
    cramped = environment(faults, "cramped")
    faults.succeed("cloud", "fault", "fly", "no_capacity", "--region", "sjc")
    url = faults.up(cramped.name)["apps"][cramped.app]
    assert httpx.get(url, trust_env=False).headers["x-lifeboat-region"] == "lax"
    with FlyView(faults, cramped.stack) as fly:
        there = fly.machines(cramped.app)
        assert {name: machine.region for name, machine in there.items()} == {
            "app-ord-1": "ord",
            "app-sjc-1": "lax",
            "app-sjc-2": "lax",
        }
    said = faults.contract(cramped.stack)["fly"]["apps"]["web"]["groups"]["app"]["machines"]
    assert {machine["name"]: machine["region"] for machine in said} == {
        name: machine.region for name, machine in there.items()
    }
    shown = faults.pulumi(cramped.stack, "preview", "--expect-no-changes")
    assert shown.returncode == 0, shown.stdout + shown.stderr


def test_a_fly_that_is_down_is_named_and_the_next_up_goes_on(faults: Project) -> None:
    downcast = environment(faults, "downcast")
    faults.succeed("cloud", "fault", "fly", "api_down")
    done = faults.lifeboat("up", downcast.name, "--json")
    error = json.loads(done.stdout)["error"]
    assert done.returncode == error["exit_code"] == Unverified.exit_code
    assert f"app {downcast.app}" in error["message"]
    assert "503" in error["message"]
    assert "Traceback" not in done.stderr
    faults.succeed("cloud", "fault", "clear")
    faults.up(downcast.name)
    with FlyView(faults, downcast.stack) as fly:
        assert fly.machines(downcast.app).keys() == downcast.machines.keys()


def test_a_machine_whose_making_was_never_answered_is_not_made_twice(faults: Project) -> None:
    silent = environment(faults, "silent")
    declared = ("--action", "Machines_create", "--times", "2", "--delay-s", "0.2")
    faults.succeed("cloud", "fault", "fly", "timeout_after_write", *declared)
    faults.up(silent.name)
    (fault,) = json.loads(faults.succeed("cloud", "fault", "list", "--json"))["data"]
    assert fault["hits"] == 2
    with FlyView(faults, silent.stack) as fly:
        ever = fly.client.machines.list(silent.app, include_deleted=True)
        assert sorted(machine.name for machine in ever) == sorted(silent.machines)
