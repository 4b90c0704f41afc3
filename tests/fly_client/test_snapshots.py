"""A snapshot counts when it is complete, and is asked for once."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from lifeboat.fly.client import errors
from lifeboat.fly.client.snapshots import Snapshots
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import Handler, answers, no, ok


def snapshot(snapshot_id: str, status: str, day: int = 1) -> dict[str, Any]:
    return {"id": snapshot_id, "status": status, "created_at": f"2026-09-0{day}T00:00:00Z", "size": 10}


def taking(lists: list[list[dict[str, Any]]], taken: httpx.Response | Exception) -> Handler:
    listing, taking_one = answers(*(ok(one) for one in lists)), answers(taken)
    return lambda request: listing(request) if request.method == "GET" else taking_one(request)


def test_snapshots_are_listed_newest_first(fly: Fly) -> None:
    rows = [snapshot("vs_1", "created", 1), snapshot("vs_3", "running", 3), snapshot("vs_2", "created", 2)]
    listed = Snapshots(fly(answers(ok(rows))).http()).list("web", "vol_1")
    assert [one.id for one in listed] == ["vs_3", "vs_2", "vs_1"]


@pytest.mark.parametrize("taken", [httpx.Response(200), httpx.ReadTimeout("slow"), no(503, "down")])
def test_the_new_snapshot_is_waited_for_and_asked_for_once(
    fly: Fly, taken: httpx.Response | Exception
) -> None:
    old = snapshot("vs_1", "created")
    lists = [[old], [old], [snapshot("vs_2", "waiting"), old], [snapshot("vs_2", "created"), old]]
    scripted = fly(taking(lists, taken))
    assert Snapshots(scripted.http()).create("web", "vol_1").id == "vs_2"
    assert [line.split()[0] for line in scripted.asked].count("POST") == 1


def test_a_snapshot_that_does_not_complete_is_named(fly: Fly) -> None:
    scripted = fly(taking([[], [snapshot("vs_2", "running")]], httpx.Response(200)))
    with pytest.raises(errors.WaitTimeout, match="vs_2 running"):
        Snapshots(scripted.http()).create("web", "vol_1", deadline_s=20.0)


def test_a_refusal_ends_it(fly: Fly) -> None:
    with pytest.raises(errors.VolumeNotFound):
        Snapshots(fly(taking([[]], no(404, "volume not found"))).http()).create("web", "vol_1")
