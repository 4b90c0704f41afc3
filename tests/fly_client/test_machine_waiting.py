"""A wait ends when it should: reached, gone, failed, stuck or out of time, and never on a guess."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from lifeboat.fly.client import errors
from lifeboat.fly.client.machines.stuck import is_stuck
from lifeboat.fly.client.models.machine import MachineState
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import NOON, ScriptedFly, no, ok

SLOW = "machine failed to reach desired state, started, currently starting"


class Life:
    """A machine whose state follows a plan of (second, state), on the clock of its Fly."""

    def __init__(self, *plan: tuple[float, str], version: str = "v1") -> None:
        self.plan = plan
        self.version = version
        self.fly = ScriptedFly(self)
        self.extra: dict[str, Any] = {}

    @property
    def state(self) -> str:
        """The state now."""
        return [state for at_s, state in self.plan if at_s <= self.fly.clock.monotonic_s()][-1]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a look or a slice."""
        if not request.url.path.endswith("/wait"):
            if self.state == "404":
                return no(404, "not_found: machine not found")
            return ok({"id": "1", "state": self.state, "version": self.version, **self.extra})
        query = request.url.params
        assert 1 <= int(query["timeout"]) <= 60
        assert query["version"] == self.version
        until_s = self.fly.clock.monotonic_s() + int(query["timeout"])
        while self.state not in query.get_list("state"):
            if self.state == "404":
                return no(404, "not_found: machine not found")
            if self.fly.clock.monotonic_s() >= until_s:
                return no(408, SLOW)
            self.fly.clock.sleep(1)
        return ok({"ok": True})


def test_a_state_already_reached_needs_no_slice() -> None:
    life = Life((0, "started"))

    assert life.fly.client().machines.wait("web", "1", "started") == "started"
    assert life.fly.asked == ["GET /v1/apps/web/machines/1"]


def test_a_slow_machine_is_waited_for_in_slices() -> None:
    life = Life((0, "starting"), (150, "started"))

    assert life.fly.client().machines.wait("web", "1", "started", deadline_s=200) == "started"
    slices = [request for request in life.fly.requests if request.url.path.endswith("/wait")]
    assert [request.url.params["timeout"] for request in slices] == ["60", "60", "60"]


def test_a_wait_for_several_states_tells_which() -> None:
    life = Life((0, "stopping"), (5, "stopped"))
    life.extra = {}

    machines = life.fly.client().machines
    assert machines.wait("web", "1", ["suspended", "stopped"]) in {"suspended", "stopped"}
    assert machines.wait("web", "1", "settled") == "stopped"


def test_slow_is_not_stuck() -> None:
    life = Life((0, "starting"))
    with pytest.raises(errors.WaitTimeout) as caught:
        life.fly.client().machines.wait("web", "1", "started", deadline_s=100)

    assert not isinstance(caught.value, errors.MachineStuck)
    assert life.fly.clock.monotonic_s() == pytest.approx(100, abs=5)


@pytest.mark.parametrize(("state", "threshold_s"), [("starting", 300), ("updating", 600)])
def test_a_transient_state_past_its_threshold_is_stuck(state: str, threshold_s: int) -> None:
    life = Life((0, state))
    with pytest.raises(errors.MachineStuck) as caught:
        life.fly.client().machines.wait("web", "1", "started", deadline_s=3600)

    assert caught.value.state == state
    assert life.fly.clock.monotonic_s() == pytest.approx(threshold_s, abs=65)


def test_what_was_stuck_before_the_wait_is_told_at_once() -> None:
    life = Life((0, "stopping"))
    long_ago: datetime = NOON - timedelta(minutes=6)
    life.extra = {
        "updated_at": long_ago.isoformat(),
        "events": [{"id": "e", "timestamp": int(long_ago.timestamp() * 1000)}],
    }
    with pytest.raises(errors.MachineStuck):
        life.fly.client().machines.wait("web", "1", "stopped")

    assert life.fly.clock.monotonic_s() == 0


@pytest.mark.parametrize("old", ["updated_at", "events"])
def test_one_old_moment_alone_proves_nothing(old: str) -> None:
    life = Life((0, "stopping"), (20, "stopped"))
    at = {"updated_at": NOON, "events": NOON, old: NOON - timedelta(hours=1)}
    life.extra = {
        "updated_at": at["updated_at"].isoformat(),
        "events": [{"id": "e", "timestamp": int(at["events"].timestamp() * 1000)}],
    }

    assert life.fly.client().machines.wait("web", "1", "stopped") == "stopped"


def test_a_failed_machine_is_not_waited_for() -> None:
    life = Life((0, "starting"), (30, "failed"))
    with pytest.raises(errors.MachineStuck) as caught:
        life.fly.client().machines.wait("web", "1", "started")

    assert caught.value.state == "failed"


@pytest.mark.parametrize("gone", ["destroying", "destroyed", "404"])
def test_a_machine_that_is_gone_is_not_waited_for(gone: str) -> None:
    life = Life((0, "starting"), (30, gone))
    with pytest.raises(errors.MachineNotFound):
        life.fly.client().machines.wait("web", "1", "started")


@pytest.mark.parametrize("gone", ["destroyed", "404"])
def test_a_machine_that_is_gone_is_what_a_wait_for_its_end_wants(gone: str) -> None:
    life = Life((0, "destroying"), (30, gone))

    assert life.fly.client().machines.wait("web", "1", "destroyed") == "destroyed"


def test_a_machine_that_was_just_made_may_not_be_there_yet() -> None:
    life = Life((0, "404"), (4, "starting"), (8, "started"))

    assert life.fly.client().machines.wait("web", "1", "started") == "started"


def test_the_state_of_an_older_version_does_not_count() -> None:
    life = Life((0, "started"), version="v2")
    life.extra = {"version": "v1"}
    life.fly.client().machines.wait("web", "1", "started", instance_id="v2")

    assert life.fly.requests[-1].url.params["version"] == "v2"


def test_a_broken_network_is_outlasted(fly: Fly) -> None:
    left: list[httpx.Response | Exception] = [
        httpx.ReadTimeout("x"),
        no(408, "deadline_exceeded"),
        no(503, "x"),
        no(429, "x"),
    ]

    def handler(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/wait"):
            return ok({"id": "1", "state": "starting", "version": "v1"})
        if not left:
            return ok({"ok": True, "state": "started"})
        failure = left.pop(0)
        if isinstance(failure, Exception):
            raise failure
        return failure

    assert fly(handler).client().machines.wait("web", "1", "started") == "started"


def test_a_fly_that_never_answers_is_given_up_at_the_deadline(fly: Fly) -> None:
    def handler(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("x")

    server = fly(handler)
    with pytest.raises(errors.NoAnswer):
        server.client().machines.wait("web", "1", "started", deadline_s=120)

    assert server.clock.monotonic_s() >= 120


@pytest.mark.parametrize("state", [*MachineState, "migrating-somehow"])
def test_only_what_something_should_follow_is_ever_stuck(state: str) -> None:
    passing = {
        "creating", "starting", "stopping", "suspending", "restarting", "destroying", "launch_failed",
        "updating", "replacing",
    }  # fmt: skip

    assert is_stuck(state, 1e6) == (state in passing or state == "failed")
    assert is_stuck(state, 299) == (state == "failed")
