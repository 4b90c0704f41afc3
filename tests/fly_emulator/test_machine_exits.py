"""Processes that end by themselves: the restart policy, auto_destroy, and what the events say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from localcloud.fly.machines.restart_policy import decide
from tests.fly_emulator.fake_runner import FakeRunner
from tests.fly_emulator.machine_world import DEMO, MachineWorld

NOW = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("policy", "exit_code", "restart"),
    [("no", 1, False), ("always", 0, True), ("on-failure", 1, True), ("on-failure", 0, False)],
)
def test_a_policy_decides_by_exit_code(policy: str, exit_code: int, restart: bool) -> None:
    assert decide({"policy": policy}, exit_code=exit_code, earlier=(), now=NOW).restart is restart


def test_on_failure_gives_up_after_its_tries_within_five_minutes() -> None:
    policy = {"policy": "on-failure", "max_retries": 3}
    three = [NOW - timedelta(seconds=second) for second in (3, 2, 1)]
    assert decide(policy, exit_code=1, earlier=three[:2], now=NOW).restart
    assert not decide(policy, exit_code=1, earlier=three, now=NOW).restart
    assert decide(policy, exit_code=1, earlier=three, now=NOW + timedelta(minutes=6)).restart


def _exit_event(machines: MachineWorld, machine_id: str) -> Any:
    events = machines.show(machine_id)["events"]
    return next(event for event in events if event["type"] == "exit")["request"]


def test_a_crash_is_restarted_and_told(machines: MachineWorld, runner: FakeRunner) -> None:
    machine = machines.started(image=DEMO)
    runner.end(machine["id"], exit_code=3)
    request = _exit_event(machines, machine["id"])
    assert request["restart_count"] == 1
    assert request["exit_event"]["exit_code"] == 3
    assert (request["exit_event"]["requested_stop"], request["exit_event"]["restarting"]) == (False, True)
    machines.pass_time(1)
    assert (machines.state(machine["id"]), len(runner.starts)) == ("started", 2)


def test_a_crash_loop_ends_stopped(machines: MachineWorld, runner: FakeRunner) -> None:
    machine = machines.started(image=DEMO, config={"restart": {"policy": "on-failure", "max_retries": 2}})
    for _ in range(3):
        runner.end(machine["id"], exit_code=1)
        machines.pass_time(2)
    assert (machines.state(machine["id"]), len(runner.starts)) == ("stopped", 3)
    assert _exit_event(machines, machine["id"])["exit_event"]["restarting"] is False


def test_an_out_of_memory_kill_is_told(machines: MachineWorld, runner: FakeRunner) -> None:
    machine = machines.started(image=DEMO)
    runner.end(machine["id"], exit_code=137, signal=9, oom_killed=True)
    event = _exit_event(machines, machine["id"])["exit_event"]
    assert (event["exit_code"], event["guest_signal"], event["oom_killed"]) == (137, 9, True)


def test_auto_destroy_removes_a_machine_whose_work_is_done(
    machines: MachineWorld, runner: FakeRunner
) -> None:
    config = {"auto_destroy": True, "restart": {"policy": "no"}}
    machine = machines.started(image=DEMO, config=config)
    runner.end(machine["id"], exit_code=0)
    machines.pass_time(1)
    assert machines.state(machine["id"]) == "destroyed"
    assert _exit_event(machines, machine["id"])["exit_event"]["exit_code"] == 0


def test_a_clean_exit_under_on_failure_stops_the_machine(machines: MachineWorld, runner: FakeRunner) -> None:
    machine = machines.started(image=DEMO)
    runner.end(machine["id"], exit_code=0)
    assert machines.state(machine["id"]) == "stopped"
