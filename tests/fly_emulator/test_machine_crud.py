"""Machines over REST: create, look, list, update, delete."""

from __future__ import annotations

import pytest

from localcloud.fly.faults.board import FaultKind, FaultSpec
from tests.fly_emulator.machine_world import DEMO, LIGHT, MachineWorld


def test_a_created_machine_answers_before_it_is_there_and_starts_by_itself(machines: MachineWorld) -> None:
    created = machines.create(name="one")
    assert (created["name"], created["region"], created["state"]) == ("one", "iad", "creating")
    assert created["instance_id"] == created["version"]
    machines.pass_time(0.5)
    assert machines.state(created["id"]) == "started"
    assert machines.events(created["id"]) == [
        ("launch", "created", "user"),
        ("start", "starting", "flyd"),
        ("start", "started", "flyd"),
    ]


def test_skip_launch_leaves_a_machine_created(machines: MachineWorld) -> None:
    machine = machines.create(skip_launch=True)
    machines.pass_time(1)
    assert machines.state(machine["id"]) == "created"


def test_a_machine_without_a_name_gets_one_of_two_words_and_a_number(machines: MachineWorld) -> None:
    first, second = machines.create(), machines.create()
    assert first["name"].count("-") == 2
    assert first["name"] != second["name"]


def test_a_name_is_refused_with_the_id_of_its_machine_and_free_after_a_destroy(
    machines: MachineWorld,
) -> None:
    machine = machines.create(name="one", skip_launch=True)
    body = {"name": "one", "config": {"image": LIGHT}, "region": "iad"}
    assert machines.refusal("POST", json=body)[:2] == (
        409,
        "already_exists: unique machine name violation,"
        f' machine ID {machine["id"]} already exists with name "one"',
    )
    machines.ask("DELETE", f"/{machine['id']}?force=true")
    machines.pass_time(1)
    assert machines.create(name="one")["id"] != machine["id"]


def test_the_server_fills_in_defaults_and_shows_autostop_as_a_boolean(machines: MachineWorld) -> None:
    services = [{"internal_port": 8080, "autostop": value} for value in ("off", "stop", "suspend", True)]
    created = machines.create(config={"size": "shared-cpu-2x", "services": services})
    config = created["config"]
    assert config["guest"] == {"cpu_kind": "shared", "cpus": 2, "memory_mb": 512}
    assert config["restart"] == {"policy": "on-failure", "max_retries": 10}
    assert (config["init"], config["stop_config"]) == ({}, {"signal": "SIGINT", "timeout": "5s"})
    assert [service["autostop"] for service in config["services"]] == [False, True, "suspend", True]
    assert "size" not in config


def test_image_ref_names_registry_repository_tag_and_digest(machines: MachineWorld) -> None:
    ref = machines.create(image=DEMO)["image_ref"]
    assert (ref["registry"], ref["repository"], ref["tag"]) == ("registry.fly.io", "web", "1")
    assert ref["digest"].startswith("sha256:")


@pytest.mark.parametrize(
    ("expression", "region"), [("iad,dfw", "iad"), ("eu", "ams"), ("sea", None), ("nowhere", None)]
)
def test_a_region_may_be_a_list_or_an_alias_but_not_a_retired_or_unknown_one(
    machines: MachineWorld, expression: str, region: str | None
) -> None:
    body = {"config": {"image": LIGHT}, "region": expression}
    if region is None:
        status, text, _ = machines.refusal("POST", json=body)
        assert (status, repr(expression) in text) == (400, True)
    else:
        assert machines.ask("POST", json=body)["region"] == region


def test_a_body_without_a_config_or_with_one_that_cannot_run_is_refused(machines: MachineWorld) -> None:
    wrong = [
        {},
        {"config": {}},
        {"config": {"image": "UPPER/case"}},
        {"config": {"image": LIGHT, "guest": {"cpu_kind": "shared", "cpus": 3, "memory_mb": 768}}},
        {"config": {"image": LIGHT, "guest": {"cpu_kind": "shared", "cpus": 1, "memory_mb": 4096}}},
        {"config": {"image": LIGHT, "checks": {"a": {"type": "http", "port": 1, "interval": "soon"}}}},
        {"config": {"image": LIGHT}, "name": "not a name"},
    ]
    assert [machines.refusal("POST", json=body)[0] for body in wrong] == [400] * len(wrong)
    assert machines.ask("GET") == []


def test_an_update_replaces_the_config_makes_a_version_and_boots_it(machines: MachineWorld) -> None:
    old = machines.started(config={"env": {"A": "1"}, "metadata": {"k": "v"}})
    new = machines.ask("POST", f"/{old['id']}", json={"config": {"image": LIGHT, "env": {"B": "2"}}})
    assert (new["id"], new["state"]) == (old["id"], "replacing")
    assert new["instance_id"] != old["instance_id"]
    machines.pass_time(1)
    shown = machines.show(old["id"])
    assert (shown["state"], shown["config"]["env"], shown["config"]["metadata"]) == (
        "started",
        {"B": "2"},
        {},
    )
    replaced = machines.ask("GET", f"/{old['id']}?version={old['instance_id']}")
    assert (replaced["state"], replaced["config"]["env"]) == ("replaced", {"A": "1"})
    versions = machines.ask("GET", f"/{old['id']}/versions")
    assert [each["version"] for each in versions] == [new["instance_id"], old["instance_id"]]


def test_an_update_of_a_version_that_is_no_longer_current_changes_nothing(machines: MachineWorld) -> None:
    old = machines.started()
    body = {"config": {"image": LIGHT}, "current_version": old["instance_id"]}
    machines.ask("POST", f"/{old['id']}", json=body)
    assert machines.refusal("POST", f"/{old['id']}", json=body)[:2] == (
        409,
        "aborted: machine update failed due to concurrent update",
    )
    assert len(machines.ask("GET", f"/{old['id']}/versions")) == 2


def test_an_update_of_a_stopped_machine_boots_it_unless_told_otherwise(machines: MachineWorld) -> None:
    machine = machines.stopped()
    body = {"config": {"image": LIGHT}}
    machines.ask("POST", f"/{machine['id']}", json={**body, "skip_launch": True})
    machines.pass_time(1)
    assert machines.state(machine["id"]) == "stopped"
    machines.ask("POST", f"/{machine['id']}", json=body)
    machines.pass_time(1)
    assert machines.state(machine["id"]) == "started"


def test_lists_are_filtered_by_region_state_and_metadata(machines: MachineWorld) -> None:
    here = machines.started(region="iad", config={"metadata": {"role": "web", "color": "blue"}})
    there = machines.started(region="dfw", config={"metadata": {"role": "web"}})
    gone = machines.stopped(region="dfw")
    machines.ask("DELETE", f"/{gone['id']}")
    machines.pass_time(1)

    def ids(query: str) -> list[str]:
        return [machine["id"] for machine in machines.ask("GET", f"?{query}")]

    assert ids("") == [here["id"], there["id"]]
    assert ids("region=dfw") == [there["id"]]
    assert ids("metadata.role=web&metadata.color=blue") == [here["id"]]
    assert ids("state=stopped,suspended") == []
    assert ids("include_deleted=true") == [here["id"], there["id"], gone["id"]]
    assert "config" not in machines.ask("GET", "?summary=true")[0]


def test_pages_of_a_list_go_on_by_a_header(machines: MachineWorld) -> None:
    made = {machines.create()["id"] for _ in range(5)}
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        answer = machines.send("GET", f"?limit=2&cursor={cursor}")
        seen += [machine["id"] for machine in answer.json()]
        cursor = answer.headers.get("fly-next-cursor", "")
    assert (set(seen), len(seen), cursor) == (made, 5, "")
    assert machines.refusal("GET", "?limit=0")[0] == 400
    assert machines.refusal("GET", "?cursor=x")[0] == 400


def test_a_declared_empty_list_hides_machines_that_are_well(machines: MachineWorld) -> None:
    machine = machines.started()
    machines.emulator.world.faults.declare(FaultSpec(kind=FaultKind.EMPTY_LIST, times=1))
    assert machines.ask("GET") == []
    assert [each["id"] for each in machines.ask("GET")] == [machine["id"]]


def test_a_started_machine_is_destroyed_only_by_force(machines: MachineWorld) -> None:
    machine = machines.started()
    assert machines.refusal("DELETE", f"/{machine['id']}")[:2] == (
        412,
        "failed_precondition: unable to destroy machine, not currently stopped or suspended",
    )
    assert machines.ask("DELETE", f"/{machine['id']}?kill=true") == {"ok": True}
    assert machines.state(machine["id"]) == "destroying"


def test_a_destroyed_machine_is_readable_for_a_while_and_changes_no_more(machines: MachineWorld) -> None:
    machine = machines.stopped()
    machines.ask("DELETE", f"/{machine['id']}")
    machines.pass_time(1)
    assert machines.state(machine["id"]) == "destroyed"
    assert machines.refusal("POST", f"/{machine['id']}/start")[0] == 404
    machines.pass_time(61)
    assert machines.refusal("GET", f"/{machine['id']}")[:2] == (404, "not_found: machine not found")


def test_names_of_other_machines_are_refused_on_update_too(machines: MachineWorld) -> None:
    machines.create(name="one")
    two = machines.create(name="two")
    body = {"config": {"image": LIGHT}, "name": "one"}
    assert machines.refusal("POST", f"/{two['id']}", json=body)[0] == 409
    assert machines.ask("POST", f"/{two['id']}", json={**body, "name": "three"})["name"] == "three"
