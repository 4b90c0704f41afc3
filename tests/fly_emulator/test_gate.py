"""What each declared fault does to requests."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from lifeboat.core.clock import ManualClock
from localcloud.fly.emulator import Emulator
from localcloud.fly.faults.board import FaultKind, FaultSpec

CONFIG = {"image": "registry.fly.io/web:1"}


def _declare(emulator: Emulator, kind: FaultKind, **fields: object) -> int:
    return emulator.faults.declare(FaultSpec.model_validate({"kind": kind, **fields}))


def _pass_time(client: httpx.Client, clock: ManualClock) -> None:
    """Let five seconds pass; what is due happens in the loop of the application."""
    for _ in range(5):
        clock.advance(timedelta(seconds=1))
        client.post("/_lifeboat/clock", json={"advance_s": 0})


@pytest.fixture
def machine(client: httpx.Client, app_name: str, clock: ManualClock) -> str:
    """The path of a started machine in sjc."""
    body = {"region": "sjc", "config": CONFIG}
    made = client.post(f"/v1/apps/{app_name}/machines", json=body).raise_for_status().json()
    _pass_time(client, clock)
    return f"/v1/apps/{app_name}/machines/{made['id']}"


def test_api_down_answers_its_status_to_everybody(client: httpx.Client, emulator: Emulator) -> None:
    _declare(emulator, FaultKind.API_DOWN, status=502)
    answer = client.get("/v1/platform/regions")
    assert answer.status_code == 502
    assert "fly-request-id" in answer.headers
    assert client.get("/_lifeboat/health").status_code == 200


def test_api_down_may_be_about_one_app_or_action(
    client: httpx.Client, app_name: str, emulator: Emulator
) -> None:
    _declare(emulator, FaultKind.API_DOWN, app="we*", action="Apps_show")
    assert client.get(f"/v1/apps/{app_name}").status_code == 503
    assert client.get(f"/v1/apps/{app_name}/volumes").status_code == 200
    assert client.get("/v1/apps/other").status_code == 404


def test_tokens_down_looks_like_a_wrong_token(client: httpx.Client, emulator: Emulator) -> None:
    fault = _declare(emulator, FaultKind.TOKENS_DOWN)
    answer = client.get("/v1/platform/regions")
    assert (answer.status_code, answer.json()["error"]) == (401, "Authenticate: token validation error")
    emulator.faults.forget(fault)
    assert client.get("/v1/platform/regions").status_code == 200


def test_a_rate_storm_refuses_whatever_the_rate(client: httpx.Client, emulator: Emulator) -> None:
    _declare(emulator, FaultKind.RATE_STORM, times=2)
    statuses = [client.get("/v1/platform/regions").status_code for _ in range(3)]
    assert statuses == [429, 429, 200]


def test_the_words_of_a_refusal_can_be_declared(client: httpx.Client, emulator: Emulator) -> None:
    _declare(emulator, FaultKind.RATE_STORM, message="resource_exhausted: rate limit exceeded")
    answer = client.get("/v1/platform/regions")
    assert answer.json() == {"error": "resource_exhausted: rate limit exceeded"}


def test_latency_delays_and_serves(client: httpx.Client, emulator: Emulator) -> None:
    _declare(emulator, FaultKind.LATENCY, delay_s=0.1)
    answer = client.get("/v1/platform/regions")
    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() >= 0.1


def test_a_timeout_after_write_has_written(client: httpx.Client, emulator: Emulator) -> None:
    _declare(emulator, FaultKind.TIMEOUT_AFTER_WRITE, delay_s=0, action="Apps_create")
    body = {"name": "web", "org_slug": "lifeboat"}
    with pytest.raises(httpx.RemoteProtocolError):
        client.post("/v1/apps", json=body)
    assert client.get("/v1/apps/web").status_code == 200
    assert client.post("/v1/apps", json=body).status_code == 422


def test_a_region_that_is_down_refuses_creates_and_what_needs_its_hosts(
    client: httpx.Client, app_name: str, emulator: Emulator, machine: str
) -> None:
    _declare(emulator, FaultKind.REGION_DOWN, region="sjc")
    created = client.post(f"/v1/apps/{app_name}/machines", json={"region": "sjc", "config": CONFIG})
    assert created.status_code == 503
    stopped = client.post(f"{machine}/stop")
    assert stopped.status_code == 408
    assert stopped.json()["error"].startswith("deadline_exceeded")
    elsewhere = client.post(f"/v1/apps/{app_name}/machines", json={"region": "iad", "config": CONFIG})
    assert elsewhere.status_code == 200


def test_a_region_that_is_down_is_missing_from_organisation_lists(
    client: httpx.Client, emulator: Emulator, machine: str
) -> None:
    _declare(emulator, FaultKind.REGION_DOWN, region="sjc")
    shown = client.get(machine)
    assert (shown.status_code, shown.json()["host_status"]) == (200, "unreachable")
    listed = client.get("/v1/orgs/lifeboat/machines").json()
    assert (listed["machines"], listed["error_regions"]) == ([], ["sjc"])
    emulator.faults.forget()
    listed = client.get("/v1/orgs/lifeboat/machines").json()
    assert (len(listed["machines"]), listed["error_regions"]) == (1, [])


def test_a_half_dead_region_reads_and_hangs_on_writes(
    client: httpx.Client, app_name: str, emulator: Emulator, machine: str
) -> None:
    _declare(emulator, FaultKind.REGION_HALF_DEAD, region="sjc", delay_s=0.05)
    assert client.get(machine).json()["host_status"] == "ok"
    with pytest.raises(httpx.RemoteProtocolError):
        client.post(f"{machine}/stop")
    assert client.get(machine).json()["state"] == "started"
    with pytest.raises(httpx.RemoteProtocolError):
        client.post(f"/v1/apps/{app_name}/machines", json={"region": "sjc", "config": CONFIG})
    assert len(emulator.world.apps[app_name].machines) == 1


def test_a_lost_host_is_unreachable_until_it_is_back(
    client: httpx.Client, emulator: Emulator, machine: str
) -> None:
    host = next(emulator.world.machines()).host_id
    fault = _declare(emulator, FaultKind.HOST_LOST, host=host)
    assert client.get(machine).json()["host_status"] == "unreachable"
    assert client.post(f"{machine}/stop").status_code == 408
    emulator.faults.forget(fault)
    assert client.get(machine).json()["host_status"] == "ok"


def test_a_lost_host_may_be_named_by_its_machine(
    client: httpx.Client, emulator: Emulator, machine: str
) -> None:
    _declare(emulator, FaultKind.HOST_LOST, machine=machine.rsplit("/", 1)[1])
    lost = [host for host in emulator.world.records.hosts.values() if host.status == "unreachable"]
    assert [host.id for host in lost] == [next(emulator.world.machines()).host_id]
    assert client.get(machine).json()["host_status"] == "unreachable"


def test_a_host_that_two_faults_hold_comes_back_with_the_last(
    client: httpx.Client, emulator: Emulator, machine: str
) -> None:
    first = _declare(emulator, FaultKind.HOST_LOST, region="sjc")
    second = _declare(emulator, FaultKind.HOST_LOST, app="web")
    emulator.faults.forget(first)
    assert client.get(machine).json()["host_status"] == "unreachable"
    emulator.faults.forget(second)
    assert client.get(machine).json()["host_status"] == "ok"


def test_a_left_lease_locks_the_machine_until_it_expires(
    client: httpx.Client, emulator: Emulator, machine: str, clock: ManualClock
) -> None:
    _declare(emulator, FaultKind.LEASE_LEFT, app="web", delay_s=13)
    refused = client.post(f"{machine}/stop")
    assert refused.status_code == 409
    assert "lease currently held by killed-client@tokens.fly.io" in refused.json()["error"]
    clock.advance(timedelta(seconds=14))
    assert client.post(f"{machine}/stop").status_code == 200


def test_stale_reads_show_what_was_and_hide_what_is_new(
    client: httpx.Client, emulator: Emulator, machine: str, clock: ManualClock
) -> None:
    _declare(emulator, FaultKind.STALE_READS, delay_s=10)
    client.post(f"{machine}/stop").raise_for_status()
    client.post("/v1/apps", json={"name": "new", "org_slug": "lifeboat"}).raise_for_status()
    _pass_time(client, clock)
    assert client.get(machine).json()["state"] == "started"
    assert client.get("/v1/apps/new").status_code == 404
    assert client.post("/v1/apps", json={"name": "new", "org_slug": "lifeboat"}).status_code == 422
    clock.advance(timedelta(seconds=6))
    assert client.get(machine).json()["state"] == "stopped"
    assert client.get("/v1/apps/new").status_code == 200


def test_stale_reads_of_one_app_leave_others_fresh(
    client: httpx.Client, app_name: str, emulator: Emulator
) -> None:
    _declare(emulator, FaultKind.STALE_READS, app="late*")
    for name in ("late", "prompt"):
        client.post("/v1/apps", json={"name": name, "org_slug": "lifeboat"}).raise_for_status()
    assert client.get("/v1/apps/late").status_code == 404
    assert client.get("/v1/apps/prompt").status_code == 200
    assert client.get(f"/v1/apps/{app_name}").status_code == 200


def test_empty_lists_hide_machines_that_are_well(
    client: httpx.Client, app_name: str, emulator: Emulator, machine: str
) -> None:
    _declare(emulator, FaultKind.EMPTY_LIST)
    assert client.get(f"/v1/apps/{app_name}/machines").json() == []
    assert client.get("/v1/orgs/lifeboat/machines").json()["machines"] == []
    assert client.get(machine).status_code == 200
    assert client.get(f"/v1/apps/{app_name}").json()["machine_count"] == 1
