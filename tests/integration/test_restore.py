"""The main scenario of a recovery, as a person meets it: the real engine, servers, app and state.

One environment for the whole file: the tests run in order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any

import httpx
import pytest

from lifeboat.core.clock import SystemClock
from tests.integration.database_view import STACK, client, write, written
from tests.integration.project import Project
from tests.waiting import soon

pytestmark = pytest.mark.engine

_CLOCK = SystemClock()
_LOSES = ("replace", "delete", "create-replacement", "delete-replaced")


@pytest.fixture(scope="module")
def url(project: Project) -> str:
    """Bring the environment up and return the app's address."""
    (address,) = project.up("local")["apps"].values()
    return str(address)


@pytest.fixture
def visitor(url: str) -> Iterator[list[float]]:
    """Somebody who asks the app for its health all the time; the list holds when it did not answer."""
    failed: list[float] = []
    stop = Event()

    def visit() -> None:
        while not stop.wait(0.2):
            try:
                if not httpx.get(f"{url}/health/ready", timeout=5, trust_env=False).is_success:
                    failed.append(_CLOCK.monotonic_s())
            except httpx.HTTPError:
                failed.append(_CLOCK.monotonic_s())

    thread = Thread(target=visit, daemon=True)
    thread.start()
    yield failed
    stop.set()
    thread.join()


def newest_moment(rds: Any, resource_id: str) -> datetime:
    """Return the end of an instance's window, or the beginning of time while it has none."""
    answer = rds.describe_db_instance_automated_backups(DbiResourceId=resource_id)
    windows = [one.get("RestoreWindow") or {} for one in answer["DBInstanceAutomatedBackups"]]
    return max((one["LatestTime"] for one in windows if one), default=datetime.min.replace(tzinfo=UTC))


def asked(project: Project, *arguments: str) -> Any:
    """Run a restore command with the exports of a user's shell and return its data."""
    done = project.with_exports(STACK, "database", "restore", *arguments, "--stack", STACK, "--json")
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return json.loads(done.stdout)["data"]


@pytest.mark.fault("F57")
@pytest.mark.fault("F31")
def test_a_restore_brings_back_the_moment_and_leaves_code_and_world_agreed(
    project: Project, url: str, visitor: list[float]
) -> None:
    kept = [write(url) for _ in range(5)]
    at = _CLOCK.now()
    lost = [write(url) for _ in range(5)]
    before = project.contract(STACK)["databases"]
    region, primary = next(item for item in before.items() if item[1]["role"] == "primary")
    rds = client(project, "rds", region)
    assert soon(lambda: newest_moment(rds, primary["resource_id"]) > at, 120)
    plan = asked(project, "--to", at.isoformat())
    report = asked(project, "--apply", "--digest", plan["digest"][:12], "--yes")
    assert report["outcome"] == "done"
    assert report["level"] == 5
    rows = written(project)
    assert set(kept) <= rows
    assert not set(lost) & rows
    after = write(url)
    assert soon(lambda: after in written(project, "replica"), 60), "the new replica follows the new primary"
    assert visitor, "the app slept around the swap"
    assert not [step for step in project.changed_steps(STACK) if step[0] in _LOSES]
    again = project.up("local")
    assert {again[what] for what in ("created", "replaced", "deleted")} == {0}
    assert project.changed_steps(STACK) == []
    databases = project.contract(STACK)["databases"]
    for region, old in before.items():
        assert databases[region]["resource_id"] != old["resource_id"]
        assert (databases[region]["address"], databases[region]["port"]) == (old["address"], old["port"])
    assert after in written(project)
