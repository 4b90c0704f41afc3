"""The admin API: faults, clock, reset, coverage and looks inside."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from lifeboat.core.clock import ManualClock
from localcloud.fly.emulator import Emulator
from localcloud.fly.openapi.description import operations


def _admin(client: httpx.Client, method: str, name: str, body: object = None) -> httpx.Response:
    return client.request(method, f"/_lifeboat/{name}", json=body, headers={"Authorization": ""})


def test_health_counts_machines_by_state(client: httpx.Client, app_name: str) -> None:
    body = {"region": "sjc", "config": {"image": "web:1"}}
    client.post(f"/v1/apps/{app_name}/machines", json=body).raise_for_status()
    found = _admin(client, "GET", "health").json()
    assert found["ready"] is True
    assert sum(found["machines"].values()) == 1
    assert found["apps"] == 1


def test_faults_are_declared_counted_and_withdrawn(client: httpx.Client) -> None:
    declared = _admin(client, "POST", "faults", {"kind": "api_down", "times": 2}).json()
    client.get("/v1/platform/regions")
    (fault,) = _admin(client, "GET", "faults").json()["faults"]
    assert (fault["id"], fault["hits"], fault["kind"]) == (declared["id"], 1, "api_down")
    assert _admin(client, "DELETE", f"faults?id={fault['id']}").json() == {"forgotten": 1}
    assert _admin(client, "DELETE", "faults").json() == {"forgotten": 0}


@pytest.mark.parametrize(
    ("method", "name", "body", "status"),
    [
        ("POST", "faults", {"kind": "nonsense"}, 400),
        ("POST", "faults", {"kind": "api_down", "colour": "red"}, 400),
        ("POST", "faults", [], 400),
        ("POST", "faults", {"kind": "region_down", "region": "sea"}, 400),
        ("POST", "faults", {"kind": "host_lost", "host": "nowhere"}, 400),
        ("POST", "faults", {"kind": "api_down", "action": "Machines_make"}, 400),
        ("DELETE", "faults?id=x", None, 400),
        ("POST", "clock", {"advance_s": -1}, 400),
        ("POST", "clock", {"advance_s": 1e300}, 400),
        ("POST", "tokens", {"scope": "app:nobody"}, 400),
        ("POST", "tokens", {"scope": "everything"}, 400),
        ("GET", "nonsense", None, 404),
        ("PUT", "health", None, 404),
    ],
)
def test_senseless_requests_are_refused(
    client: httpx.Client, method: str, name: str, body: object, status: int
) -> None:
    answer = _admin(client, method, name, body)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_the_clock_moves_forward_and_what_is_due_happens(
    client: httpx.Client, app_name: str, clock: ManualClock
) -> None:
    client.delete(f"/v1/apps/{app_name}").raise_for_status()
    moved = _admin(client, "POST", "clock", {"advance_s": 3600}).json()
    assert moved["advanced_s"] == 3600
    assert moved["now"] > clock.now().isoformat()
    assert client.get(f"/v1/apps/{app_name}").status_code == 404


def test_reset_forgets_everything(
    client: httpx.Client, app_name: str, emulator: Emulator, tmp_path: Path
) -> None:
    base = f"/v1/apps/{app_name}"
    token = client.post(f"{base}/deploy_token", json={}).json()["token"]
    client.post(f"{base}/machines", json={"region": "sjc", "config": {"image": "web:1"}})
    client.post(f"{base}/volumes", json={"name": "data", "region": "sjc", "size_gb": 1})
    _admin(client, "POST", "faults", {"kind": "latency", "delay_s": 0})
    _admin(client, "POST", "clock", {"advance_s": 3600})
    assert emulator.runner.pids()
    _admin(client, "POST", "reset").raise_for_status()
    assert emulator.world.apps == {}
    assert emulator.runner.pids() == {}
    assert _admin(client, "GET", "faults").json() == {"faults": []}
    assert _admin(client, "GET", "clock").json()["advanced_s"] == 0
    assert not (tmp_path / "fly").exists()
    assert client.get(base, headers={"Authorization": token}).status_code == 401
    client.post("/v1/apps", json={"name": app_name, "org_slug": "lifeboat"}).raise_for_status()


def test_a_reset_world_repeats_the_ids_of_the_first(client: httpx.Client) -> None:
    body = {"name": "web", "org_slug": "lifeboat"}
    first = client.post("/v1/apps", json=body).json()["id"]
    _admin(client, "POST", "reset").raise_for_status()
    assert client.post("/v1/apps", json=body).json()["id"] == first


def test_coverage_names_every_operation_once(client: httpx.Client) -> None:
    found = _admin(client, "GET", "coverage").json()
    built = [row["operation"] for row in found["implemented"]]
    missing = [row["operation"] for row in found["not_implemented"]]
    assert sorted(built + missing) == sorted(operations())
    assert len(built) >= 69
    assert all(row["reason"] != "not built yet" for row in found["not_implemented"])
    assert found["deviations"]


def test_hosts_and_processes_are_shown(client: httpx.Client, app_name: str) -> None:
    body = {"region": "sjc", "config": {"image": "web:1"}}
    made = client.post(f"/v1/apps/{app_name}/machines", json=body).raise_for_status().json()
    _admin(client, "POST", "clock", {"advance_s": 1})
    _admin(client, "POST", "clock", {"advance_s": 1})
    assert list(_admin(client, "GET", "processes").json()) == [made["id"]]
    hosts = _admin(client, "GET", "hosts").json()["hosts"]
    assert len(hosts) == 18 * 4
    assert [host["region"] for host in hosts if host["machines"]] == ["sjc"]
    assert len({host["zone"] for host in hosts if host["region"] == "sjc"}) == 4


def test_saving_in_process_says_that_nothing_was_saved(client: httpx.Client) -> None:
    assert _admin(client, "POST", "save").json() == {"saved": False}
