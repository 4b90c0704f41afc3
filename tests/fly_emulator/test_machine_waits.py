"""Waiting for a state: in time, too late, refused, and never in anybody's way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.fly_emulator.machine_world import LIGHT, MachineWorld


def _wait(live: MachineWorld, machine: Any, query: str) -> Any:
    return live.send("GET", f"/{machine['id']}/wait?{query}")


def test_a_wait_ends_when_the_machine_is_there(live: MachineWorld) -> None:
    machine = live.create()
    body = _wait(live, machine, f"state=started&version={machine['instance_id']}&timeout=10").json()
    assert (body["ok"], body["state"], body["version"]) == (True, "started", machine["instance_id"])
    assert body["event_id"] == live.show(machine["id"])["events"][0]["id"]


def test_a_wait_that_is_too_long_for_its_timeout_says_where_the_machine_is(live: MachineWorld) -> None:
    machine = live.create(skip_launch=True)
    answer = _wait(live, machine, "state=started&timeout=1")
    assert answer.status_code == 408
    assert answer.json()["error"] == "machine failed to reach desired state, started, currently created"


@pytest.mark.parametrize("timeout", ["0", "61", "soon"])
def test_a_timeout_outside_a_minute_is_refused(machines: MachineWorld, timeout: str) -> None:
    machine = machines.started()
    status, text, _ = machines.refusal("GET", f"/{machine['id']}/wait?timeout={timeout}")
    assert status == 400
    if timeout == "61":
        assert text == (
            "invalid_argument: invalid WaitMachineRequest.Timeout: value must be inside range [1s, 1m0s]"
        )


def test_stopped_needs_a_version_and_a_state_must_be_known(machines: MachineWorld) -> None:
    machine = machines.stopped()
    assert machines.refusal("GET", f"/{machine['id']}/wait?state=stopped")[0] == 400
    assert machines.refusal("GET", f"/{machine['id']}/wait?state=asleep")[0] == 400
    query = f"state=stopped&instance_id={machine['instance_id']}"
    assert machines.ask("GET", f"/{machine['id']}/wait?{query}")["state"] == "stopped"


def test_several_states_may_be_waited_for(machines: MachineWorld) -> None:
    machine = machines.started()
    for query in ("state=failed&state=started", "state=failed,started", "state=settled"):
        assert machines.ask("GET", f"/{machine['id']}/wait?{query}")["state"] == "started"


def test_a_replaced_version_is_at_its_end(live: MachineWorld) -> None:
    old = live.create()
    _wait(live, old, "state=started&timeout=10")
    live.ask("POST", f"/{old['id']}", json={"config": {"image": LIGHT}})
    answer = _wait(live, old, f"state=stopped&version={old['instance_id']}&timeout=5")
    assert answer.json()["version"] == old["instance_id"]
    late = _wait(live, old, f"state=started&version={old['instance_id']}&timeout=1")
    assert late.status_code == 408


def test_a_wait_may_start_after_an_event(live: MachineWorld) -> None:
    machine = live.create()
    seen = _wait(live, machine, "state=started&timeout=10").json()["event_id"]
    assert _wait(live, machine, f"state=started&from_event_id={seen}&timeout=1").status_code == 408
    live.ask("POST", f"/{machine['id']}/restart")
    after = _wait(live, machine, f"state=started&from_event_id={seen}&timeout=10").json()
    assert after["event_id"] != seen


def test_a_destroyed_machine_ends_other_waits_with_not_found(live: MachineWorld) -> None:
    machine = live.create()
    _wait(live, machine, "state=started&timeout=10")
    with ThreadPoolExecutor(1) as pool:
        query = f"state=stopped&version={machine['instance_id']}&timeout=20"
        waiting = pool.submit(_wait, live, machine, query)
        live.ask("DELETE", f"/{machine['id']}?force=true")
        assert _wait(live, machine, "state=destroyed&timeout=20").json()["state"] == "destroyed"
        assert waiting.result().status_code == 404


def test_many_wait_at_once_and_the_api_answers_meanwhile(live: MachineWorld) -> None:
    machine = live.create(skip_launch=True)
    with ThreadPoolExecutor(20) as pool:
        waits = [pool.submit(_wait, live, machine, "state=started&timeout=20") for _ in range(20)]
        assert live.state(machine["id"]) in {"creating", "created"}
        _wait(live, machine, "state=settled&timeout=10")
        live.ask("POST", f"/{machine['id']}/start")
        assert {each.result().json()["state"] for each in waits} == {"started"}
