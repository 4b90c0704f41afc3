"""Metadata: merged, guarded by the version, single keys; no new version, no restart."""

from __future__ import annotations

from tests.fly_emulator.fake_runner import FakeRunner
from tests.fly_emulator.machine_world import DEMO, MachineWorld


def test_metadata_is_merged_and_null_or_empty_removes(machines: MachineWorld, runner: FakeRunner) -> None:
    machine = machines.started(image=DEMO, config={"metadata": {"a": "1", "b": "2", "c": "3"}})
    path = f"/{machine['id']}/metadata"
    answer = machines.send("PATCH", path, json={"metadata": {"b": "4", "c": "", "d": "5"}})
    assert (answer.status_code, answer.content) == (204, b"")
    assert machines.ask("GET", path) == {"a": "1", "b": "4", "d": "5"}
    machines.ask("PUT", path, json={"metadata": {"e": "6"}})
    shown = machines.show(machine["id"])
    assert shown["config"]["metadata"] == {"a": "1", "b": "4", "d": "5", "e": "6"}
    assert shown["instance_id"] == machine["instance_id"]
    assert len(runner.starts) == 1


def test_a_version_that_is_no_longer_current_is_refused(machines: MachineWorld) -> None:
    machine = machines.started()
    body = {"metadata": {"a": "1"}, "machine_version": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}
    assert machines.refusal("PATCH", f"/{machine['id']}/metadata", json=body)[0] == 412
    body["machine_version"] = machine["instance_id"]
    assert machines.send("PATCH", f"/{machine['id']}/metadata", json=body).status_code == 204


def test_single_keys_are_set_read_and_removed(machines: MachineWorld) -> None:
    machine = machines.started()
    path = f"/{machine['id']}/metadata/role"
    assert machines.refusal("GET", path)[0] == 404
    assert machines.send("POST", path, json={"value": "web"}).status_code == 204
    assert machines.ask("GET", path) == {"value": "web"}
    assert machines.send("DELETE", path).status_code == 204
    assert machines.refusal("GET", path)[0] == 404


def test_metadata_set_since_is_lost_with_an_update_that_does_not_carry_it(machines: MachineWorld) -> None:
    machine = machines.started()
    machines.ask("POST", f"/{machine['id']}/metadata/role", json={"value": "web"})
    machines.ask("POST", f"/{machine['id']}", json={"config": {"image": DEMO}})
    assert machines.ask("GET", f"/{machine['id']}/metadata") == {}
