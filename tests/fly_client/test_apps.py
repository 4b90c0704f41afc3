"""Apps are made once per key, looked for until they appear, and deleted without complaint."""

from __future__ import annotations

import httpx
import pytest

from lifeboat.fly.client import errors
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import answers, no, ok

WEB = {"id": "1", "name": "web", "organization": {"slug": "o"}, "machine_count": 2}


def test_an_app_is_made_and_read_back_when_it_appears(fly: Fly) -> None:
    server = fly(answers(ok({"id": "1", "created_at": 1}, 201), no(404, "app not found"), ok(WEB)))
    app = server.client().apps.create("web", "o", network="n")

    assert (app.name, app.organization.slug, app.machine_count) == ("web", "o", 2)
    body = server.body(0)
    assert (body["name"], body["org_slug"], body["network"]) == ("web", "o", "n")
    assert "enable_subdomains" not in body


def test_a_create_whose_answer_was_lost_is_repeated_with_its_key(fly: Fly) -> None:
    server = fly(answers(httpx.ReadTimeout("x"), ok({"id": "1"}, 201), ok(WEB)))
    server.client().apps.create("web", "o")

    assert server.body(0)["idempotency_key"] == server.body(1)["idempotency_key"]


def test_two_creates_have_two_keys(fly: Fly) -> None:
    server = fly(answers(ok(WEB)))
    apps = server.client().apps
    apps.create("web", "o")
    apps.create("web", "o")

    assert server.body(0)["idempotency_key"] != server.body(2)["idempotency_key"]


def test_an_app_that_never_appears_is_told_after_a_minute(fly: Fly) -> None:
    server = fly(lambda request: ok({}, 201) if request.method == "POST" else no(404, "app not found"))
    with pytest.raises(errors.AppNotFound):
        server.client().apps.create("web", "o")

    assert 60 <= server.clock.monotonic_s() < 65


def test_a_taken_name_is_told(fly: Fly) -> None:
    taken = no(422, "Validation failed: Name has already been taken", "name_taken")
    with pytest.raises(errors.NameTaken) as caught:
        fly(answers(taken)).client().apps.create("web", "o")

    assert "cannot see" in caught.value.hint


def test_a_foreign_app_is_forbidden_and_a_missing_one_is_missing(fly: Fly) -> None:
    apps = fly(answers(no(403, "not yours"), no(404, "app not found"))).client().apps

    with pytest.raises(errors.Forbidden):
        apps.get("web")
    with pytest.raises(errors.AppNotFound):
        apps.get("web")


def test_deleting_an_app_that_does_not_exist_is_done(fly: Fly) -> None:
    server = fly(answers(ok(None, 202), no(404, "app not found")))
    apps = server.client().apps
    apps.delete("web")
    apps.delete("web")

    assert server.asked == ["DELETE /v1/apps/web"] * 2
