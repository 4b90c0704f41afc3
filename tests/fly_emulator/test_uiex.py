"""The third API: releases, builds and organisations, as flyctl writes and reads them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from localcloud.fly.emulator import Emulator
from localcloud.fly.faults.board import FaultKind, FaultSpec


def _create(client: httpx.Client, app: str, **fields: Any) -> Any:
    body = {"app_name": app, "build_id": 1, "image": f"registry.fly.io/{app}:v1", "strategy": "ROLLING"}
    response = client.post("/api/v1/releases", json=body | fields)
    assert response.status_code == 201, response.text
    return response.json()["release"]


def test_releases_count_up_and_the_newest_is_current(client: httpx.Client, app_name: str) -> None:
    assert client.get(f"/api/v1/apps/{app_name}/releases/current").status_code == 404
    first, second = _create(client, app_name), _create(client, app_name, strategy="BLUEGREEN")
    assert (first["version"], second["version"], second["status"]) == (1, 2, "pending")
    assert client.get(f"/api/v1/apps/{app_name}/releases/current").json()["id"] == second["id"]
    listed = client.get(f"/api/v1/apps/{app_name}/releases", params={"limit": "1"}).json()["releases"]
    assert [(row["version"], row["strategy"]) for row in listed] == [(2, "BLUEGREEN")]
    assert client.get("/api/v1/releases/all_current").json() == {app_name: second["created_at"]}


def test_a_release_runs_and_ends(client: httpx.Client, app_name: str) -> None:
    release = _create(client, app_name)
    url = f"/api/v1/releases/{release['id']}"
    running = client.patch(url, json={"status": "running", "metadata": None}).json()
    assert (running["in_progress"], running["stable"]) == (True, False)
    done = client.patch(url, json={"status": "complete", "metadata": {"note": "x"}}).json()
    assert (done["in_progress"], done["stable"]) == (False, True)
    assert client.patch(url, json={"status": "done"}).status_code == 422
    assert client.patch("/api/v1/releases/none", json={"status": "complete"}).status_code == 404


def test_a_build_is_announced_and_finished_and_none_is_really_built(
    client: httpx.Client, app_name: str
) -> None:
    build = client.post("/api/v1/builds", json={"app_name": app_name}).json()
    body = {"build_id": build["id"], "app_name": app_name, "status": "completed"}
    finished = client.post("/api/v1/builds/finish", json={**body, "final_image": {"tag": "t"}}).json()
    assert (finished["id"], finished["status"]) == (build["id"], "completed")
    assert client.post("/api/v1/builds/finish", json={**body, "build_id": 0}).status_code == 404
    assert client.post("/api/v1/builds/depot_builder", json={}).status_code == 501
    assert client.post("/api/v1/organizations/lifeboat/builders", json={}).status_code == 501
    assert client.post(f"/api/v1/apps/{app_name}/egress_ips/203.0.113.1/promote").status_code == 501


def test_organisations_have_the_ids_of_graphql(client: httpx.Client) -> None:
    listed = client.get("/api/v1/organizations", params={"admin": "false"}).json()["organizations"]
    assert [row["slug"] for row in listed] == ["lifeboat", "personal"]
    one = client.get("/api/v1/organizations/lifeboat").json()["organization"]
    query = {"query": '{ organization(slug: "lifeboat") { id internalNumericId } }'}
    same = client.post("/graphql", json=query).json()["data"]["organization"]
    assert (one["id"], str(one["internal_numeric_id"])) == (same["id"], same["internalNumericId"])
    assert client.get("/api/v1/organizations/nobody").status_code == 404


@pytest.mark.parametrize("path", ["apps/nobody/releases", "apps/nobody/logs", "nothing/here"])
def test_what_is_not_there_is_404(client: httpx.Client, path: str) -> None:
    assert client.get(f"/api/v1/{path}").status_code == 404


def test_a_deploy_token_writes_releases_of_its_own_app_only(client: httpx.Client, app_name: str) -> None:
    client.post("/v1/apps", json={"name": "other", "org_slug": "personal"}).raise_for_status()
    token = client.post(f"/v1/apps/{app_name}/deploy_token", json={}).json()["token"]
    foreign = _create(client, "other")["id"]
    client.headers["Authorization"] = token
    _create(client, app_name)
    assert client.post("/api/v1/releases", json={"app_name": "other"}).status_code == 403
    assert client.patch(f"/api/v1/releases/{foreign}", json={"status": "failed"}).status_code == 404
    assert list(client.get("/api/v1/releases/all_current").json()) == [app_name]


def test_an_outage_of_this_api_leaves_the_others_alone(
    client: httpx.Client, emulator: Emulator, app_name: str
) -> None:
    emulator.world.faults.declare(FaultSpec(kind=FaultKind.UIEX_DOWN, status=504))
    assert client.get(f"/api/v1/apps/{app_name}/releases").status_code == 504
    assert client.get(f"/v1/apps/{app_name}").status_code == 200
    emulator.world.faults.forget()
    emulator.world.faults.declare(FaultSpec(kind=FaultKind.TOKENS_DOWN))
    assert client.get(f"/api/v1/apps/{app_name}/releases").status_code == 401
