"""Volumes are made once, also when the answer gets lost, and never confused with somebody else's data."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from lifeboat.core.errors import ConfigError
from lifeboat.fly.client import errors
from lifeboat.fly.client.models.new_volume import NewVolume
from lifeboat.fly.client.volumes import Volumes
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import CANARY, Handler, answers, no, ok

WISH = NewVolume(name="data", region="fra", size_gb=3)
LONG_AGO = "2026-08-01T12:00:00Z"


def volume(volume_id: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": volume_id,
        "name": "data",
        "region": "fra",
        "size_gb": 3,
        "state": "created",
        "attached_machine_id": None,
        "created_at": "2026-09-01T12:00:01.123456789Z",
        **fields,
    }


def losing(lists: list[list[dict[str, Any]]], lost: httpx.Response | Exception) -> Handler:
    """Answer lists one after the other, the last for ever, and lose every create."""
    listing, losses = answers(*(ok(one) for one in lists)), answers(lost)
    return lambda request: listing(request) if request.method == "GET" else losses(request)


def test_a_list_of_several_pages_hides_volumes_on_their_way_out(fly: Fly) -> None:
    scripted = fly(
        answers(
            ok([volume("vol_1"), volume("vol_2", state="pending_destroy")], fly_next_cursor="c1"),
            ok([], fly_next_cursor="c2"),
            ok([volume("vol_3", state="fork_cleanup"), volume("vol_4", state="something_new")]),
        )
    )
    volumes = Volumes(scripted.http())
    assert [one.id for one in volumes.list("web")] == ["vol_1", "vol_4"]
    assert [request.url.params.get("cursor") for request in scripted.requests] == [None, "c1", "c2"]
    assert {request.url.params["limit"] for request in scripted.requests} == {"1000"}


def test_gone_volumes_are_listed_when_asked_for(fly: Fly) -> None:
    listed = Volumes(fly(answers(ok([volume("vol_2", state="destroying")]))).http())
    assert [one.id for one in listed.list("web", include_gone=True)] == ["vol_2"]


def test_a_wish_sends_what_it_names_and_leaves_the_rest_to_fly(fly: Fly) -> None:
    scripted = fly(answers(ok([]), ok(volume("vol_1", state="creating"))))
    guest = {"cpu_kind": "shared", "cpus": 1, "memory_mb": 512}
    wish = NewVolume(name="data", region="fra", snapshot_id="vs_1", require_unique_zone=False, compute=guest)
    assert Volumes(scripted.http()).create("web", wish).state == "creating"
    assert scripted.body() == {
        "name": "data",
        "region": "fra",
        "snapshot_id": "vs_1",
        "require_unique_zone": False,
        "compute": guest,
    }


def test_a_wish_has_one_source() -> None:
    with pytest.raises(ConfigError, match="either snapshot_id or source_volume_id"):
        NewVolume(name="data", region="fra", snapshot_id="vs_1", source_volume_id="vol_1")


@pytest.mark.parametrize("lost", [httpx.ReadTimeout("slow"), no(503, "try later"), no(504, "gateway")])
def test_the_volume_of_a_lost_answer_is_adopted_and_not_made_twice(
    fly: Fly, lost: httpx.Response | Exception
) -> None:
    old = volume("vol_old", created_at=LONG_AGO, attached_machine_id="148e")
    scripted = fly(losing([[old], [old], [old, volume("vol_new")]], lost))
    assert Volumes(scripted.http()).create("web", WISH).id == "vol_new"
    assert [line.split()[0] for line in scripted.asked].count("POST") == 1


def test_a_create_fly_refused_is_not_looked_for(fly: Fly) -> None:
    scripted = fly(losing([[]], no(422, "could not find a candidate host", "insufficient_capacity")))
    with pytest.raises(errors.Capacity) as caught:
        Volumes(scripted.http()).create("web", WISH)
    assert caught.value.scope is errors.CapacityScope.REGION
    assert len(scripted.requests) == 2


def test_a_create_that_ended_and_made_nothing_may_be_repeated(fly: Fly) -> None:
    with pytest.raises(errors.Unavailable) as caught:
        Volumes(fly(losing([[]], no(503, "down"))).http()).create("web", WISH)
    assert caught.value.retryable


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ([], "the request may still be running"),
        ([volume("vol_1"), volume("vol_2")], "several are new where one volume was asked for: vol_1, vol_2"),
    ],
)
def test_an_outcome_that_does_not_follow_from_the_lists_is_unknown(
    fly: Fly, after: list[dict[str, Any]], reason: str
) -> None:
    scripted = fly(losing([[], after], httpx.ReadTimeout("slow")))
    with pytest.raises(errors.UnknownOutcome, match=reason):
        Volumes(scripted.http()).create("web", WISH)


def test_a_list_that_forgot_volumes_proves_nothing(fly: Fly) -> None:
    scripted = fly(losing([[volume("vol_old", created_at=LONG_AGO)], []], no(503, "down")))
    with pytest.raises(errors.UnknownOutcome, match="misses volumes"):
        Volumes(scripted.http()).create("web", WISH)


@pytest.mark.parametrize(
    "other",
    [
        {"created_at": LONG_AGO},
        {"attached_machine_id": "148e"},
        {"region": "ams"},
        {"size_gb": 10},
        {"name": "logs"},
        {"state": "pending_destroy"},
    ],
)
def test_a_falsely_empty_first_list_never_makes_old_data_look_new(fly: Fly, other: dict[str, Any]) -> None:
    scripted = fly(losing([[], [volume("vol_old", **other)]], httpx.ReadTimeout("slow")))
    with pytest.raises(errors.UnknownOutcome):
        Volumes(scripted.http()).create("web", WISH)


def test_growing_says_whether_the_machine_must_restart(fly: Fly) -> None:
    scripted = fly(answers(ok({"volume": volume("vol_1", size_gb=5), "needs_restart": True})))
    grown = Volumes(scripted.http()).extend("web", "vol_1", 5)
    assert (grown.volume.size_gb, grown.needs_restart) == (5, True)
    assert scripted.body() == {"size_gb": 5}


def test_growing_again_after_a_lost_answer_is_success_and_shrinking_is_not(fly: Fly) -> None:
    refused = no(400, "invalid_argument: size_gb must be more than 5")
    grown = fly(answers(no(502, "bad gateway"), refused, ok(volume("vol_1", size_gb=5))))
    assert Volumes(grown.http()).extend("web", "vol_1", 5).volume.size_gb == 5
    larger = fly(answers(refused, ok(volume("vol_1", size_gb=5))))
    with pytest.raises(errors.InvalidRequest):
        Volumes(larger.http()).extend("web", "vol_1", 3)


def test_only_the_settings_that_are_given_change(fly: Fly) -> None:
    scripted = fly(answers(ok(volume("vol_1", snapshot_retention=7))))
    assert Volumes(scripted.http()).update("web", "vol_1", snapshot_retention=7).snapshot_retention == 7
    assert scripted.body() == {"snapshot_retention": 7}


def test_removing_what_is_gone_is_done_and_removing_what_is_in_use_is_refused(fly: Fly) -> None:
    Volumes(fly(answers(no(404, "volume not found"))).http()).destroy("web", "vol_1")
    bound = no(412, "failed_precondition: volume is currently bound to machine: 148e")
    with pytest.raises(errors.VolumeInUse):
        Volumes(fly(answers(bound)).http()).destroy("web", "vol_1")


def test_waiting_ends_when_the_volume_is_usable(fly: Fly) -> None:
    states = ("restoring", "hydrating", "created")
    scripted = fly(answers(*(ok(volume("vol_1", state=state)) for state in states)))
    assert Volumes(scripted.http()).wait_created("web", "vol_1").state == "created"


def test_waiting_tells_gone_from_slow(fly: Fly) -> None:
    gone = fly(answers(ok(volume("vol_1", state="pending_destroy"))))
    with pytest.raises(errors.VolumeGone, match="vol_1 of app web is pending_destroy"):
        Volumes(gone.http()).wait_created("web", "vol_1")
    slow = fly(answers(ok(volume("vol_1", state="hydrating"))))
    with pytest.raises(errors.WaitTimeout, match="still hydrating"):
        Volumes(slow.http()).wait_created("web", "vol_1", deadline_s=30.0)


def test_no_error_shows_the_token(fly: Fly) -> None:
    with pytest.raises(errors.InvalidRequest) as caught:
        Volumes(fly(losing([[]], no(400, f"bad header FlyV1 {CANARY}"))).http()).create("web", WISH)
    assert CANARY not in f"{caught.value} {caught.value!r} {caught.value.said}"
