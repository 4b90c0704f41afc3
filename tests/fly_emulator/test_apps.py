"""Apps over REST: create, show, list, delete, deploy tokens."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from lifeboat.core.clock import ManualClock
from localcloud.fly.emulator import Emulator


def _create(client: httpx.Client, name: str | None = "web", **fields: object) -> httpx.Response:
    return client.post("/v1/apps", json={"name": name, "org_slug": "lifeboat", **fields})


def test_a_created_app_is_shown_and_listed(client: httpx.Client, app_name: str) -> None:
    shown = client.get(f"/v1/apps/{app_name}").json()
    assert shown["name"] == app_name
    assert shown["organization"]["slug"] == "lifeboat"
    assert (shown["status"], shown["machine_count"], shown["volume_count"]) == ("pending", 0, 0)
    listed = client.get("/v1/apps", params={"org_slug": "lifeboat"}).json()
    assert [app["name"] for app in listed["apps"]] == [app_name]


def test_create_answers_the_id_alone_and_the_whole_app_when_it_waits(client: httpx.Client) -> None:
    short = _create(client, "short")
    assert short.status_code == 201
    assert sorted(short.json()) == ["created_at", "id"]
    whole = client.post("/v1/apps?wait=true", json={"name": "whole", "org_slug": "lifeboat"})
    assert whole.json()["organization"]["slug"] == "lifeboat"


def test_a_taken_name_is_refused_with_its_code(client: httpx.Client, app_name: str) -> None:
    answer = _create(client, app_name)
    assert answer.status_code == 422
    assert answer.json() == {
        "error": "Validation failed: Name has already been taken",
        "status": "name_taken",
    }


@pytest.mark.parametrize("name", ["Upper", "under_score", "-dash", "dash-", "a" * 63, "dot.ted", "ü"])
def test_a_bad_name_is_refused(client: httpx.Client, name: str) -> None:
    answer = _create(client, name)
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("Validation failed: Name ")
    assert "status" not in answer.json()


def test_an_app_without_a_name_gets_one(client: httpx.Client, emulator: Emulator) -> None:
    answer = _create(client, None)
    assert answer.status_code == 201
    (app,) = emulator.world.apps.values()
    assert app.name.count("-") == 2


def test_an_idempotency_key_makes_a_retry_safe(client: httpx.Client) -> None:
    first = _create(client, "web", idempotency_key="k1").json()
    assert _create(client, "web", idempotency_key="k1").json() == first
    assert _create(client, None, idempotency_key="k1").json() == first
    other = _create(client, "other", idempotency_key="k1")
    assert other.status_code == 422
    assert "status" not in other.json()
    assert _create(client, "web", idempotency_key="k2").json()["status"] == "name_taken"


@pytest.mark.parametrize(("slug", "status"), [("", 400), ("nobody", 404)])
def test_an_organisation_is_needed(client: httpx.Client, slug: str, status: int) -> None:
    assert client.post("/v1/apps", json={"name": "web", "org_slug": slug}).status_code == status


def test_deletion_is_accepted_and_done_later(client: httpx.Client, app_name: str, clock: ManualClock) -> None:
    assert client.delete(f"/v1/apps/{app_name}").status_code == 202
    assert client.get(f"/v1/apps/{app_name}").status_code == 200
    clock.advance(timedelta(seconds=1))
    assert client.get(f"/v1/apps/{app_name}").status_code == 404
    assert _create(client, app_name).status_code == 201


def test_a_second_app_of_a_name_is_out_of_reach_of_the_first_ones_token(
    client: httpx.Client, app_name: str, clock: ManualClock
) -> None:
    token = client.post(f"/v1/apps/{app_name}/deploy_token", json={}).json()["token"]
    client.delete(f"/v1/apps/{app_name}")
    clock.advance(timedelta(seconds=1))
    client.get("/v1/platform/regions")
    _create(client, app_name)
    answer = client.get(f"/v1/apps/{app_name}", headers={"Authorization": token})
    assert answer.status_code == 401


def test_pages_leave_out_what_is_younger_than_the_first(client: httpx.Client, clock: ManualClock) -> None:
    for name in ("a", "b", "c"):
        _create(client, name)
    clock.advance(timedelta(seconds=1))
    query = {"org_slug": "lifeboat", "limit": "2"}
    first = client.get("/v1/apps", params=query).json()
    clock.advance(timedelta(seconds=1))
    _create(client, "d")
    second = client.get("/v1/apps", params={**query, "cursor": first["next_cursor"]}).json()
    assert [app["name"] for app in first["apps"] + second["apps"]] == ["a", "b", "c"]
    assert (first["total_apps"], second["total_apps"], "next_cursor" in second) == (3, 3, False)


def test_cursors_expire_and_need_a_limit(client: httpx.Client, clock: ManualClock) -> None:
    for name in ("a", "b"):
        _create(client, name)
    query = {"org_slug": "lifeboat", "limit": "1"}
    cursor = client.get("/v1/apps", params=query).json()["next_cursor"]
    assert client.get("/v1/apps", params={"org_slug": "lifeboat", "cursor": cursor}).status_code == 400
    assert client.get("/v1/apps", params={**query, "cursor": "rubbish"}).status_code == 400
    clock.advance(timedelta(minutes=31))
    assert client.get("/v1/apps", params={**query, "cursor": cursor}).status_code == 400


@pytest.mark.parametrize("limit", ["0", "5001", "-1", "x", "99999999999999999999"])
def test_a_limit_is_from_1_to_5000(client: httpx.Client, limit: str) -> None:
    assert client.get("/v1/apps", params={"org_slug": "lifeboat", "limit": limit}).status_code == 400


def test_apps_are_filtered_by_role(client: httpx.Client) -> None:
    _create(client, "db", app_role_id="postgres_cluster")
    _create(client, "web")
    found = client.get("/v1/apps", params={"org_slug": "lifeboat", "app_role": "postgres_cluster"}).json()
    assert [app["name"] for app in found["apps"]] == ["db"]


def test_a_deploy_token_opens_its_app_alone(client: httpx.Client, app_name: str) -> None:
    _create(client, "other")
    token = client.post(f"/v1/apps/{app_name}/deploy_token", json={}).json()["token"]
    as_app = {"Authorization": token}
    assert client.get(f"/v1/apps/{app_name}", headers=as_app).status_code == 200
    foreign = client.get("/v1/apps/other", headers=as_app)
    assert foreign.status_code == 403
    assert "other" in foreign.json()["error"]
    assert client.get("/v1/apps/free", headers=as_app).status_code == 404


def test_a_deploy_token_creates_and_lists_no_apps(client: httpx.Client, app_name: str) -> None:
    token = client.post(f"/v1/apps/{app_name}/deploy_token", json={}).json()["token"]
    as_app = {"Authorization": token}
    created = client.post("/v1/apps", json={"name": "new", "org_slug": "lifeboat"}, headers=as_app)
    assert created.status_code == 403
    assert client.get("/v1/apps?org_slug=lifeboat", headers=as_app).status_code == 403
    shown = client.get("/v1/tokens/current", headers=as_app).json()
    assert shown["tokens"][0]["apps"] == [app_name]


def test_a_deploy_token_expires(client: httpx.Client, app_name: str, clock: ManualClock) -> None:
    made = client.post(f"/v1/apps/{app_name}/deploy_token", json={"expiry": "1h"})
    as_app = {"Authorization": made.json()["token"]}
    clock.advance(timedelta(minutes=59))
    assert client.get(f"/v1/apps/{app_name}", headers=as_app).status_code == 200
    clock.advance(timedelta(minutes=1))
    assert client.get(f"/v1/apps/{app_name}", headers=as_app).status_code == 401


def test_a_senseless_expiry_of_a_token_is_refused(client: httpx.Client, app_name: str) -> None:
    answer = client.post(f"/v1/apps/{app_name}/deploy_token", json={"expiry": "soon"})
    assert answer.status_code == 400


def test_a_token_of_an_organisation_sees_no_other(client: httpx.Client, app_name: str) -> None:
    client.post("/v1/apps", json={"name": "mine", "org_slug": "personal"}).raise_for_status()
    token = client.post("/_lifeboat/tokens", json={"scope": "org:personal"}).json()["token"]
    as_other = {"Authorization": token}
    assert client.get("/v1/apps/mine", headers=as_other).status_code == 200
    assert client.get(f"/v1/apps/{app_name}", headers=as_other).status_code == 403
    assert client.get("/v1/apps?org_slug=lifeboat", headers=as_other).status_code == 403
    assert client.get("/v1/orgs/lifeboat/machines", headers=as_other).status_code == 403
    taken = client.post("/v1/apps", json={"name": app_name, "org_slug": "personal"}, headers=as_other)
    assert taken.json()["status"] == "name_taken"
