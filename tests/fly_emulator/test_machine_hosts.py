"""Hosts that are lost and come back, and an emulator that does."""

from __future__ import annotations

from localcloud.fly.emulator import Emulator
from localcloud.fly.faults.board import FaultKind, FaultSpec
from localcloud.fly.model import State
from tests.fly_emulator.fake_runner import FakeRunner
from tests.fly_emulator.machine_world import DEMO, LIGHT, MachineWorld


def _lose_host_of(machines: MachineWorld, machine_id: str) -> str:
    host = machines.record(machine_id).host_id
    machines.emulator.life.host_lost(host)
    return host


def test_a_lost_host_takes_its_processes_and_hides_the_config(
    machines: MachineWorld, runner: FakeRunner
) -> None:
    machine = machines.started(image=DEMO)
    _lose_host_of(machines, machine["id"])
    shown = machines.show(machine["id"])
    assert (shown["state"], shown["host_status"], shown["config"]) == ("started", "unreachable", None)
    assert shown["incomplete_config"]["image"] == DEMO
    assert not runner.is_running(machine["id"])


def test_updates_and_actions_on_a_lost_host_fail(machines: MachineWorld) -> None:
    machine = machines.started(image=DEMO)
    _lose_host_of(machines, machine["id"])
    text = f"deadline_exceeded: the host of machine {machine['id']} is unreachable"
    path = f"/{machine['id']}"
    assert machines.refusal("POST", path, json={"config": {"image": DEMO}})[:2] == (408, text)
    assert machines.refusal("POST", f"{path}/stop", json={})[:2] == (408, text)
    assert machines.refusal("POST", f"{path}/restart")[:2] == (408, text)
    assert machines.show(machine["id"])["instance_id"] == machine["instance_id"]


def test_a_machine_comes_back_with_its_host_on_the_version_it_had(
    machines: MachineWorld, runner: FakeRunner
) -> None:
    machine = machines.started(image=DEMO, config={"env": {"RELEASE": "old"}})
    host = _lose_host_of(machines, machine["id"])
    machines.pass_time(5)
    machines.emulator.life.host_back(host)
    machines.pass_time(1)
    shown = machines.show(machine["id"])
    assert (shown["state"], shown["host_status"]) == ("started", "ok")
    assert shown["instance_id"] == machine["instance_id"]
    assert runner.environments[machine["id"]]["RELEASE"] == "old"


def test_a_delete_on_a_lost_host_is_done_when_the_host_is_back(machines: MachineWorld) -> None:
    machine = machines.started(image=DEMO)
    host = _lose_host_of(machines, machine["id"])
    machines.ask("DELETE", f"/{machine['id']}?force=true")
    machines.pass_time(30)
    assert machines.state(machine["id"]) == "destroying"
    machines.emulator.life.host_back(host)
    machines.pass_time(1)
    assert machines.state(machine["id"]) == "destroyed"


def test_a_standby_starts_only_when_the_host_of_its_machine_is_lost(machines: MachineWorld) -> None:
    main = machines.started(image=DEMO)
    standby = machines.create(image=DEMO, config={"standbys": [main["id"]]})
    machines.pass_time(1)
    assert machines.state(standby["id"]) == "created"
    assert machines.record(standby["id"]).host_id != machines.record(main["id"]).host_id
    _lose_host_of(machines, main["id"])
    machines.pass_time(1)
    assert machines.state(standby["id"]) == "started"


def test_nothing_new_is_placed_on_a_lost_host(machines: MachineWorld) -> None:
    hosts = [host for host in machines.emulator.world.records.hosts.values() if host.region == "iad"]
    for host in hosts[1:]:
        machines.emulator.life.host_lost(host.id)
    placed = {machines.record(machines.create()["id"]).host_id for _ in range(3)}
    assert placed == {hosts[0].id}


def test_a_region_that_is_down_hides_its_machines_and_leaves_them_running(
    machines: MachineWorld, runner: FakeRunner
) -> None:
    machine = machines.started(image=DEMO)
    fault = machines.emulator.world.faults.declare(FaultSpec(kind=FaultKind.REGION_DOWN, region="iad"))
    assert machines.ask("GET")[0]["host_status"] == "unreachable"
    assert machines.refusal("POST", f"/{machine['id']}/stop", json={})[0] == 408
    assert runner.is_running(machine["id"])
    machines.emulator.world.faults.forget(fault)
    assert machines.show(machine["id"])["host_status"] == "ok"


def test_after_a_restart_of_the_emulator_machines_become_what_was_wanted(
    machines: MachineWorld, runner: FakeRunner
) -> None:
    runs, rests = machines.started(image=DEMO), machines.stopped(image=DEMO)
    machines.ask("POST", f"/{rests['id']}/start")
    light, going = machines.started(), machines.started(image=DEMO)
    stopping = machines.started(image=DEMO)
    machines.emulator.world.timeline.clear()
    for machine_id, state, wanted in (
        (stopping["id"], State.STOPPING, State.STOPPED),
        (going["id"], State.DESTROYING, State.DESTROYED),
    ):
        machines.record(machine_id).state, machines.record(machine_id).wanted = state, wanted
    runner.environments.clear()
    again = FakeRunner()
    emulator = Emulator(
        machines.emulator.world.directory,
        machines.emulator.world.clock,
        runner=again,
        records=machines.emulator.world.records,
    )
    emulator.life.resume()
    states = {each.id: each.state for each in emulator.world.machines()}
    assert (states[runs["id"]], states[rests["id"]]) == (State.STARTING, State.STARTING)
    assert (states[light["id"]], states[stopping["id"]]) == (State.STARTED, State.STOPPED)
    assert sorted(again.starts) == sorted([runs["id"], rests["id"]])
    assert states[going["id"]] is State.DESTROYING


def test_a_machine_of_a_deleted_app_loses_its_process(machines: MachineWorld, runner: FakeRunner) -> None:
    machine = machines.started(image=DEMO)
    machines.client.delete("/v1/apps/web").raise_for_status()
    machines.pass_time(1)
    assert not runner.is_running(machine["id"])
    assert machines.client.get(f"/v1/apps/web/machines/{machine['id']}").status_code == 404


def test_a_light_machine_is_untouched_by_the_loss_of_its_host(machines: MachineWorld) -> None:
    machine = machines.started(image=LIGHT)
    host = _lose_host_of(machines, machine["id"])
    machines.emulator.life.host_back(host)
    assert machines.state(machine["id"]) == "started"
