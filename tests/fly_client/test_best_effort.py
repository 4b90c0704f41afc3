"""What only uiex and GraphQL know may be missing: every failure of theirs can be ignored as one error."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from lifeboat.fly.client import errors
from lifeboat.fly.client.images import Images
from lifeboat.fly.client.releases import Releases
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import CANARY, answers, no, ok

RELEASE = {"id": "r1", "version": 3, "status": "running", "image_ref": "web@sha256:1", "user": None}
BROKEN = [
    no(503, "down"),
    no(401, "Authenticate: token validation error"),
    no(403, "forbidden"),
    no(429, "slow down"),
    no(501, "releases are not supported by the local cloud"),
    ok("?"),
    httpx.Response(200, content=b"<html>"),
    httpx.ReadTimeout("slow"),
    httpx.ConnectError("no"),
]


def graphql_error(message: str, code: str | None = None) -> httpx.Response:
    failure: dict[str, Any] = {"message": message, **({"extensions": {"code": code}} if code else {})}
    return ok({"data": None, "errors": [failure]})


@pytest.mark.parametrize("broken", BROKEN)
def test_every_failure_is_unavailable(fly: Fly, broken: httpx.Response | Exception) -> None:
    with pytest.raises(errors.Unavailable):
        Releases(fly(answers(broken)).http()).list("web")
    with pytest.raises(errors.Unavailable):
        Images(fly(answers(broken)).http()).resolve("web", "web:1")


def test_releases_are_listed_and_the_first_app_has_none(fly: Fly) -> None:
    scripted = fly(answers(ok({"releases": [RELEASE]})))
    (release,) = Releases(scripted.http()).list("web", limit=1)
    assert (release.version, release.image_ref, release.user) == (3, "web@sha256:1", "")
    assert str(scripted.requests[0].url) == "http://uiex.test/api/v1/apps/web/releases?limit=1"
    assert Releases(fly(answers(no(404, "not found"))).http()).current("web") is None
    current = Releases(fly(answers(ok(RELEASE))).http()).current("web")
    assert current is not None
    assert current.id == "r1"


def test_a_release_is_recorded_from_begin_to_end(fly: Fly) -> None:
    scripted = fly(answers(ok({"release": RELEASE}, 201), ok({**RELEASE, "status": "complete"})))
    releases = Releases(scripted.http())
    made = releases.create("web", image="web@sha256:1", strategy="ROLLING")
    assert releases.update(made.id, status="complete").status == "complete"
    assert scripted.asked == ["POST /api/v1/releases", "PATCH /api/v1/releases/r1"]
    assert scripted.body() == {"status": "complete", "metadata": {}}


def test_a_lost_record_is_not_written_twice(fly: Fly) -> None:
    scripted = fly(answers(no(503, "down")))
    with pytest.raises(errors.Unavailable):
        Releases(scripted.http()).create("web", image="web@sha256:1", strategy="ROLLING")
    assert len(scripted.requests) == 1


def test_a_reference_is_resolved_to_its_digest(fly: Fly) -> None:
    image = {"id": "i1", "digest": "sha256:1", "ref": "web:1", "compressedSizeFull": 123}
    scripted = fly(answers(ok({"data": {"app": {"image": image}}})))
    found = Images(scripted.http()).resolve("web", "web:1")
    assert (found.digest, found.compressed_size_bytes) == ("sha256:1", 123)
    assert str(scripted.requests[0].url) == "http://api.test/graphql"
    assert scripted.body()["variables"] == {"app": "web", "reference": "web:1"}


@pytest.mark.parametrize(
    "missing",
    [
        ok({"data": {"app": None}}),
        ok({"data": {"app": {"image": None}}}),
        graphql_error("no app", "NOT_FOUND"),
    ],
)
def test_an_image_that_does_not_exist_is_not_found(fly: Fly, missing: httpx.Response) -> None:
    with pytest.raises(errors.NotFound):
        Images(fly(answers(missing)).http()).resolve("web", "web:1")


@pytest.mark.parametrize("code", [None, "UNAUTHORIZED", "SERVER_ERROR", "SOMETHING_NEW"])
def test_a_graphql_failure_is_a_success_that_says_no_and_never_shows_the_token(
    fly: Fly, code: str | None
) -> None:
    scripted = fly(answers(graphql_error(f"cannot use {CANARY}", code)))
    with pytest.raises(errors.Unavailable, match="cannot use") as caught:
        Images(scripted.http()).resolve("web", "web:1")
    cause = caught.value.__cause__
    assert CANARY not in f"{caught.value} {caught.value.said} {cause} {cause!r}"


def test_an_invalid_question_stays_an_invalid_question(fly: Fly) -> None:
    with pytest.raises(errors.InvalidRequest):
        Images(fly(answers(graphql_error("no such field", "GRAPHQL_VALIDATION_FAILED"))).http()).resolve(
            "w", "r"
        )
    bad = ok({"data": {"app": {"image": {"digest": None}}}})
    with pytest.raises(errors.Unavailable):
        Images(fly(answers(bad)).http()).resolve("web", "web:1")
