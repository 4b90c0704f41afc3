"""What can be done to a machine in which state, and in which words it is refused."""

from __future__ import annotations

import signal

import pytest

from localcloud.fly.faults.board import FaultKind, FaultSpec
from tests.fly_emulator.fake_runner import FakeRunner
from tests.fly_emulator.machine_world import DEMO, LIGHT, MachineWorld


def test_stop_and_start_pass_through_their_transient_states(machines: MachineWorld) -> None:
    machine = machines.started()
    assert machines.ask("POST", f"/{machine['id']}/stop", json={}) == {"ok": True}
    assert machines.state(machine["id"]) == "stopping"
    machines.pass_time(0.5)
    assert machines.state(machine["id"]) == "stopped"
    answer = machines.ask("POST", f"/{machine['id']}/start")
    assert answer == {"previous_state": "stopped", "migrated": False, "new_host": ""}
    assert machines.state(machine["id"]) == "starting"
    machines.pass_time(0.5)
    assert machines.state(machine["id"]) == "started"


def test_slow_transitions_take_their_factor(machines: MachineWorld) -> None:
    machines.emulator.world.faults.declare(FaultSpec(kind=FaultKind.SLOW_TRANSITIONS, factor=100))
    machine = machines.create()
    machines.pass_time(5)
    assert machines.state(machine["id"]) == "creating"
    machines.pass_time(30)
    assert machines.state(machine["id"]) == "started"


def test_a_machine_at_work_refuses_to_start(machines: MachineWorld) -> None:
    machine = machines.started()
    path = f"/{machine['id']}"
    machines.ask("POST", f"{path}/stop", json={})
    active = (412, "failed_precondition: machine still active, refusing to start", "")
    assert machines.refusal("POST", f"{path}/start") == active
    machines.pass_time(0.5)
    machines.ask("POST", path, json={"config": {"image": LIGHT}})
    replaced = (412, "failed_precondition: machine getting replaced, refusing to start", "")
    assert machines.refusal("POST", f"{path}/start") == replaced


def test_starting_a_started_machine_changes_nothing(machines: MachineWorld) -> None:
    machine = machines.started()
    before = machines.events(machine["id"])
    assert machines.ask("POST", f"/{machine['id']}/start")["previous_state"] == "started"
    assert machines.events(machine["id"]) == before


def test_a_suspended_machine_continues_its_process(machines: MachineWorld, runner: FakeRunner) -> None:
    machine = machines.started(image=DEMO)
    machines.ask("POST", f"/{machine['id']}/suspend")
    machines.pass_time(0.5)
    assert machines.state(machine["id"]) == "suspended"
    machines.ask("POST", f"/{machine['id']}/start")
    machines.pass_time(0.5)
    assert machines.state(machine["id"]) == "started"
    assert runner.signals == [(machine["id"], signal.SIGSTOP), (machine["id"], signal.SIGCONT)]
    assert runner.starts == [machine["id"]]


@pytest.mark.parametrize(
    "config",
    [
        {"guest": {"cpu_kind": "shared", "cpus": 2, "memory_mb": 4096}},
        {"init": {"swap_size_mb": 512}},
        {"schedule": "daily"},
    ],
)
def test_what_cannot_be_suspended_is_refused(machines: MachineWorld, config: dict[str, object]) -> None:
    machine = machines.started(config=config)
    status, text, _ = machines.refusal("POST", f"/{machine['id']}/suspend")
    assert (status, text.endswith("refusing to suspend")) == (412, True)


def test_an_update_of_a_suspended_machine_gives_up_its_process(
    machines: MachineWorld, runner: FakeRunner
) -> None:
    machine = machines.started(image=DEMO)
    machines.ask("POST", f"/{machine['id']}/suspend")
    machines.pass_time(0.5)
    machines.ask("POST", f"/{machine['id']}", json={"config": {"image": DEMO}})
    machines.pass_time(0.5)
    assert (machines.state(machine["id"]), len(runner.starts)) == ("started", 2)


def test_a_restart_ends_the_process_and_starts_it_on_the_same_version(
    machines: MachineWorld, runner: FakeRunner
) -> None:
    machine = machines.started(image=DEMO)
    assert machines.ask("POST", f"/{machine['id']}/restart?timeout=30s&force_stop=false") == {"ok": True}
    machines.pass_time(0.5)
    after = machines.show(machine["id"])
    assert (after["state"], after["instance_id"]) == ("started", machine["instance_id"])
    assert len(runner.starts) == 2
    exits = [event for event in after["events"] if event["type"] == "exit"]
    assert exits[0]["request"]["exit_event"]["requested_stop"] is True
    assert exits[0]["request"]["exit_event"]["restarting"] is True


def test_signals_are_names_or_numbers_and_need_a_running_machine(
    machines: MachineWorld, runner: FakeRunner
) -> None:
    machine = machines.started(image=DEMO)
    machines.ask("POST", f"/{machine['id']}/signal", json={"signal": "SIGUSR1"})
    machines.ask("POST", f"/{machine['id']}/signal", json={"signal": 9})
    assert runner.signals == [(machine["id"], signal.SIGUSR1), (machine["id"], signal.SIGKILL)]
    assert machines.refusal("POST", f"/{machine['id']}/signal", json={"signal": 99})[0] == 400
    stopped = machines.stopped()
    assert machines.refusal("POST", f"/{stopped['id']}/signal", json={"signal": 9})[:2] == (
        412,
        "failed_precondition: machine not running",
    )


def test_cordon_and_uncordon_are_shown(machines: MachineWorld) -> None:
    machine = machines.create(skip_service_registration=True)
    assert machine["cordoned"] is True
    machines.ask("POST", f"/{machine['id']}/uncordon")
    assert machines.show(machine["id"])["cordoned"] is False
    machines.ask("POST", f"/{machine['id']}/cordon")
    assert machines.show(machine["id"])["cordoned"] is True


def test_a_machine_whose_image_is_gone_fails_with_the_reason_and_starts_when_it_is_back(
    machines: MachineWorld,
) -> None:
    fault = machines.emulator.world.faults.declare(FaultSpec(kind=FaultKind.IMAGE_GONE, image="*/web:*"))
    machine = machines.create(image=DEMO)
    machines.pass_time(1)
    shown = machines.show(machine["id"])
    assert shown["state"] == "failed"
    assert "manifest unknown" in shown["events"][1]["request"]["error"]
    machines.emulator.world.faults.forget(fault)
    machines.ask("POST", f"/{machine['id']}/start")
    machines.pass_time(1)
    assert machines.state(machine["id"]) == "started"


def test_a_machine_waits_for_the_secrets_version_it_was_promised(
    machines: MachineWorld, runner: FakeRunner
) -> None:
    machine = machines.create(image=DEMO, min_secrets_version=1)
    machines.pass_time(2)
    assert (machines.state(machine["id"]), runner.starts) == ("starting", [])
    machines.client.post("/v1/apps/web/secrets", json={"values": {"KEY": "hidden"}}).raise_for_status()
    machines.pass_time(1)
    assert machines.state(machine["id"]) == "started"
    assert runner.environments[machine["id"]]["KEY"] == "hidden"


def test_secrets_reach_a_process_at_its_next_start_only(machines: MachineWorld, runner: FakeRunner) -> None:
    machine = machines.started(image=DEMO)
    machines.client.post("/v1/apps/web/secrets", json={"values": {"KEY": "hidden"}}).raise_for_status()
    assert "KEY" not in runner.environments[machine["id"]]
    machines.ask("POST", f"/{machine['id']}/restart")
    machines.pass_time(0.5)
    assert runner.environments[machine["id"]]["KEY"] == "hidden"
