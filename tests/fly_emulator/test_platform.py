"""Regions, placements and organisation lists."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from lifeboat.core.clock import ManualClock
from localcloud.fly.emulator import Emulator
from localcloud.fly.faults.board import FaultKind, FaultSpec
from localcloud.fly.regions import LIVING

EIGHTEEN = sorted(LIVING)


def _placements(client: httpx.Client, **body: object) -> dict[str, int]:
    answer = client.post("/v1/platform/placements", json={"org_slug": "lifeboat", **body})
    answer.raise_for_status()
    return {row["region"]: row["count"] for row in answer.json()["regions"]}


def test_eighteen_regions_live_and_retired_ones_are_flagged(client: httpx.Client) -> None:
    found = client.get("/v1/platform/regions").json()
    living = sorted(row["code"] for row in found["regions"] if not row["deprecated"])
    assert living == EIGHTEEN
    assert len(living) == 18
    assert next(row for row in found["regions"] if row["code"] == "sea")["deprecated"] is True
    assert found["nearest"] in EIGHTEEN


def test_machines_are_placed_in_the_order_of_the_expression(client: httpx.Client) -> None:
    assert _placements(client, region="lhr,eu", count=5) == {"lhr": 5}


def test_a_region_without_room_is_passed_over(client: httpx.Client, emulator: Emulator) -> None:
    emulator.faults.declare(FaultSpec(kind=FaultKind.NO_CAPACITY, region="lhr"))
    assert _placements(client, region="lhr,ams,fra", count=5) == {"ams": 5}
    emulator.faults.declare(FaultSpec(kind=FaultKind.REGION_DOWN, region="ams"))
    assert _placements(client, region="lhr,ams,fra", count=5) == {"fra": 5}


def test_what_does_not_fit_goes_to_the_next_region(client: httpx.Client) -> None:
    compute = {"cpu_kind": "performance", "cpus": 128, "memory_mb": 262_144}
    room = _placements(client, region="lhr", compute=compute)["lhr"]
    assert _placements(client, region="lhr,ams", compute=compute, count=room + 2) == {
        "lhr": room,
        "ams": 2,
    }


def test_without_a_count_the_room_of_each_region_is_told(client: httpx.Client) -> None:
    room = _placements(client, region="any")
    assert sorted(room) == EIGHTEEN
    assert min(room.values()) > 100


def test_spread_goes_round(client: httpx.Client) -> None:
    weights = {"region": 0, "spread": 10}
    assert _placements(client, region="lhr,ams", count=5, weights=weights) == {"lhr": 3, "ams": 2}


def test_a_volume_needs_room_too(client: httpx.Client) -> None:
    without = _placements(client, region="lhr")["lhr"]
    with_volume = _placements(client, region="lhr", volume_size_bytes=500 * 1024**3)["lhr"]
    assert 0 < with_volume < without


@pytest.mark.parametrize("body", [{"region": "sea"}, {"region": "lhr,nowhere"}, {"count": -1}])
def test_senseless_placements_are_refused(client: httpx.Client, body: dict[str, object]) -> None:
    answer = client.post("/v1/platform/placements", json={"org_slug": "lifeboat", **body})
    assert answer.status_code == 400


def _machines(client: httpx.Client, clock: ManualClock, *regions: str) -> list[str]:
    client.post("/v1/apps", json={"name": "web", "org_slug": "lifeboat"}).raise_for_status()
    made = []
    for region in regions:
        body = {"region": region, "config": {"image": "registry.fly.io/web:1", "metadata": {"k": "v"}}}
        made.append(client.post("/v1/apps/web/machines", json=body).raise_for_status().json()["id"])
        clock.advance(timedelta(seconds=2))
    return made


def test_an_organisation_lists_the_machines_of_all_its_apps(client: httpx.Client, clock: ManualClock) -> None:
    made = _machines(client, clock, "sjc", "iad")
    found = client.get("/v1/orgs/lifeboat/machines").json()
    assert sorted(row["id"] for row in found["machines"]) == sorted(made)
    assert found["machines"][0]["config"]["metadata"]["k"] == "v"
    assert {row["app_name"] for row in found["machines"]} == {"web"}
    assert client.get("/v1/orgs/personal/machines").json()["machines"] == []
    assert client.get("/v1/orgs/nobody/machines").status_code == 404


def test_organisation_lists_are_filtered(client: httpx.Client, clock: ManualClock) -> None:
    first, second = _machines(client, clock, "sjc", "iad")

    def found(**query: str) -> set[str]:
        rows = client.get("/v1/orgs/lifeboat/machines", params=query).json()["machines"]
        return {row["id"] for row in rows}

    assert found(region="sjc") == {first}
    assert found(state="destroyed,failed") == set()
    client.delete(f"/v1/apps/web/machines/{first}?force=true").raise_for_status()
    clock.advance(timedelta(seconds=2))
    assert found() == {second}
    assert found(include_deleted="true") == {first, second}
    assert found(updated_after=clock.now().isoformat()) == set()
    summary = client.get("/v1/orgs/lifeboat/machines?summary=true").json()["machines"][0]
    assert "config" not in summary


def test_organisation_lists_come_in_pages(client: httpx.Client, clock: ManualClock) -> None:
    made = _machines(client, clock, "sjc", "iad", "ord")
    query, seen = {"limit": "2"}, []
    while True:
        page = client.get("/v1/orgs/lifeboat/machines", params=query).json()
        seen += [row["id"] for row in page["machines"]]
        assert page["last_machine_id"] == seen[-1]
        if "next_cursor" not in page:
            break
        query["cursor"] = page["next_cursor"]
    assert sorted(seen) == sorted(made)


@pytest.mark.parametrize("moment", ["yesterday", "2026-09-01T00:00:00"])
def test_a_moment_is_rfc_3339_with_its_zone(client: httpx.Client, moment: str) -> None:
    answer = client.get("/v1/orgs/lifeboat/volumes", params={"updated_after": moment})
    assert answer.status_code == 400


def test_an_organisation_lists_its_volumes(client: httpx.Client, app_name: str, emulator: Emulator) -> None:
    body = {"name": "data", "region": "fra", "size_gb": 1}
    made = client.post(f"/v1/apps/{app_name}/volumes", json=body).raise_for_status().json()
    found = client.get("/v1/orgs/lifeboat/volumes").json()
    assert [row["id"] for row in found["volumes"]] == [made["id"]]
    emulator.faults.declare(FaultSpec(kind=FaultKind.REGION_DOWN, region="fra"))
    found = client.get("/v1/orgs/lifeboat/volumes").json()
    assert (found["volumes"], found["error_regions"]) == ([], ["fra"])
