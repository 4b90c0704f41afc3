"""Leases: one holder, a nonce for every change, and an end."""

from __future__ import annotations

import pytest

from localcloud.fly.faults.board import FaultKind, FaultSpec
from tests.fly_emulator.machine_world import DEMO, LIGHT, MachineWorld

UPDATE = {"config": {"image": LIGHT}}


def test_a_lease_is_taken_by_query_or_body_in_an_envelope(machines: MachineWorld) -> None:
    machine = machines.started()
    path = f"/{machine['id']}/lease"
    answer = machines.send("POST", f"{path}?ttl=13")
    assert answer.status_code == 201
    lease = answer.json()["data"]
    now_s = machines.emulator.world.clock.now().timestamp()
    assert (answer.json()["status"], lease["owner"]) == ("success", "operator@tokens.fly.io")
    assert (int(now_s) + 13, machine["instance_id"]) == (lease["expires_at"], lease["version"])
    assert machines.send("DELETE", path, nonce=lease["nonce"]).status_code == 200
    again = machines.ask("POST", path, json={"ttl": 20, "description": "roll"})["data"]
    assert (again["description"], again["nonce"] != lease["nonce"]) == ("roll", True)


def test_while_held_every_change_needs_the_nonce(machines: MachineWorld) -> None:
    machine = machines.started(image=DEMO)
    path = f"/{machine['id']}"
    lease = machines.ask("POST", f"{path}/lease?ttl=60")["data"]
    expires = machines.record(machine["id"]).lease
    assert expires is not None
    held = (
        409,
        f"aborted: machine ID {machine['id']} lease currently held by operator@tokens.fly.io,"
        f" expires at {expires.expires_at:%Y-%m-%dT%H:%M:%SZ}",
        "",
    )
    changes = [
        ("POST", path, UPDATE),
        ("POST", f"{path}/start", None),
        ("POST", f"{path}/stop", {}),
        ("POST", f"{path}/suspend", None),
        ("POST", f"{path}/restart", None),
        ("POST", f"{path}/signal", {"signal": "SIGTERM"}),
        ("POST", f"{path}/cordon", None),
        ("POST", f"{path}/exec", {"command": ["true"]}),
        ("PATCH", f"{path}/metadata", {"metadata": {"a": "b"}}),
        ("POST", f"{path}/lease?ttl=5", None),
        ("DELETE", f"{path}?force=true", None),
    ]
    for method, where, body in changes:
        assert machines.refusal(method, where, json=body) == held, where
        assert machines.refusal(method, where, json=body, nonce="wrong") == held, where
    assert machines.ask("POST", f"{path}/stop", json={}, nonce=lease["nonce"]) == {"ok": True}


def test_a_lease_is_prolonged_by_its_nonce_and_frees_the_machine_when_it_expires(
    machines: MachineWorld,
) -> None:
    machine = machines.started()
    path = f"/{machine['id']}"
    lease = machines.ask("POST", f"{path}/lease?ttl=5")["data"]
    machines.pass_time(4)
    longer = machines.ask("POST", f"{path}/lease?ttl=5", nonce=lease["nonce"])["data"]
    assert (longer["nonce"], longer["expires_at"] - lease["expires_at"]) == (lease["nonce"], 4)
    machines.pass_time(4)
    assert machines.refusal("POST", path, json=UPDATE)[0] == 409
    machines.pass_time(2)
    assert machines.refusal("GET", f"{path}/lease")[:2] == (404, "lease not found")
    assert machines.refusal("POST", f"{path}/lease?ttl=5", nonce=lease["nonce"])[0] == 404
    assert machines.ask("POST", path, json=UPDATE)["state"] == "replacing"


def test_the_lease_shows_its_nonce_and_the_machine_does_not(machines: MachineWorld) -> None:
    machine = machines.started()
    path = f"/{machine['id']}"
    nonce = machines.ask("POST", f"{path}/lease?ttl=60")["data"]["nonce"]
    assert machines.ask("GET", f"{path}/lease")["data"]["nonce"] == nonce
    shown = machines.ask("GET", f"{path}?include_leases=true")
    assert shown["lease"]["owner"] == "operator@tokens.fly.io"
    assert nonce not in str(shown)
    assert "lease" not in machines.show(machine["id"])


def test_create_and_update_take_a_lease_when_asked_to(machines: MachineWorld) -> None:
    machine = machines.create(lease_ttl=30)
    machines.pass_time(1)
    path = f"/{machine['id']}"
    assert machines.refusal("POST", path, json=UPDATE)[0] == 409
    updated = machines.ask("POST", path, json={**UPDATE, "lease_ttl": 60}, nonce=machine["nonce"])
    assert updated["nonce"] == machine["nonce"]
    assert machines.send("DELETE", f"{path}/lease", nonce=machine["nonce"]).status_code == 200
    assert machines.refusal("DELETE", f"{path}/lease", nonce=machine["nonce"])[0] == 404


@pytest.mark.parametrize("ttl", ["-1", "99999999999999", "soon"])
def test_an_impossible_ttl_is_refused(machines: MachineWorld, ttl: str) -> None:
    machine = machines.started()
    assert machines.refusal("POST", f"/{machine['id']}/lease?ttl={ttl}")[0] == 400
    assert machines.record(machine["id"]).lease is None


def test_a_lease_left_behind_holds_until_it_expires(machines: MachineWorld) -> None:
    machine = machines.started()
    machines.emulator.faults.declare(FaultSpec(kind=FaultKind.LEASE_LEFT, app="web", delay_s=30))
    status, text, _ = machines.refusal("POST", f"/{machine['id']}", json=UPDATE)
    assert (status, "lease currently held by" in text) == (409, True)
    machines.pass_time(31)
    assert machines.ask("POST", f"/{machine['id']}", json=UPDATE)["state"] == "replacing"
