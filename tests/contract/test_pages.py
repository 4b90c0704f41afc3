"""Lists of several pages, by a cursor in the body and by one in a header."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pydantic import BaseModel

from lifeboat.fly.client import apps, certificates, errors, volumes
from lifeboat.fly.client.models.app import App
from lifeboat.fly.client.models.certificate import CertificateSummary
from lifeboat.fly.client.models.machine import Machine
from lifeboat.fly.client.models.org_machine import OrgMachine
from lifeboat.fly.client.models.volume import Volume
from lifeboat.fly.client.operation import Operation, Safety
from lifeboat.fly.client.pages import Listing, collect
from tests.contract.fly_world import LIGHT, FlyWorld

MANY = 23
PAGE = 5


def _make_apps(fly: FlyWorld) -> set[str]:
    names = {f"{fly.app}-{number}" for number in range(MANY)}
    for name in names:
        _sent(fly, "/v1/apps", {"name": name, "org_slug": fly.organization}, 201)
    return names | {fly.app}


def _make_machines(fly: FlyWorld) -> set[str]:
    body = {"config": {"image": LIGHT}, "region": "fra", "skip_launch": True}
    return {_sent(fly, f"/v1/apps/{fly.app}/machines", body)["id"] for _ in range(MANY)}


def _make_volumes(fly: FlyWorld) -> set[str]:
    body = {"name": "data", "region": "fra", "size_gb": 1, "require_unique_zone": False}
    return {_sent(fly, f"/v1/apps/{fly.app}/volumes", body)["id"] for _ in range(MANY)}


def _make_certificates(fly: FlyWorld) -> set[str]:
    names = {f"h{number}.{fly.app}.example.com" for number in range(MANY)}
    for name in names:
        _sent(fly, f"/v1/apps/{fly.app}/certificates/acme", {"hostname": name}, 201)
    return names


def _sent(fly: FlyWorld, path: str, body: dict[str, object], status: int = 200) -> dict[str, str]:
    fly.clock.sleep(1.05)
    answer = fly.raw.post(path, json=body)
    assert answer.status_code == status, answer.text
    found: dict[str, str] = answer.json()
    return found


_MACHINES = Operation(name="machines.list", method="GET", path="/v1/apps/{app}/machines", safety=Safety.READ)
_ORG = Operation(name="orgs.machines", method="GET", path="/v1/orgs/{org}/machines", safety=Safety.READ)

LISTS: dict[str, tuple[Callable[[FlyWorld], set[str]], Listing[BaseModel], str]] = {
    "apps, body": (_make_apps, Listing(operation=apps.LIST, model=App, field="apps"), "name"),
    "machines, header": (_make_machines, Listing(operation=_MACHINES, model=Machine), "id"),
    "volumes, header": (_make_volumes, Listing(operation=volumes.LIST, model=Volume), "id"),
    "certificates, body": (
        _make_certificates,
        Listing(operation=certificates.LIST, model=CertificateSummary, field="certificates"),
        "hostname",
    ),
    "organisation, body": (
        _make_machines,
        Listing(operation=_ORG, model=OrgMachine, field="machines"),
        "id",
    ),
}


@pytest.mark.parametrize("kind", list(LISTS))
def test_a_list_of_many_is_collected_from_all_its_pages(fly: FlyWorld, kind: str) -> None:
    make, listing, key = LISTS[kind]
    made = make(fly)
    door = fly.door()
    path = {"app": fly.app, "org": fly.organization}
    params = {"limit": PAGE, "org_slug": fly.organization if "apps" in kind else None}
    found = collect(door, listing, path, params)
    assert sorted(getattr(item, key) for item in found.items) == sorted(made)


def test_a_cursor_that_is_none_is_an_invalid_request(fly: FlyWorld) -> None:
    for cursor in ("nonsense", "%00", "x" * 5000):
        with pytest.raises(errors.InvalidRequest):
            fly.door().call(volumes.LIST, {"app": fly.app}, params={"limit": 5, "cursor": cursor})


def test_a_cursor_expires(fly: FlyWorld) -> None:
    _make_volumes(fly)
    answer = fly.door().call(volumes.LIST, {"app": fly.app}, params={"limit": PAGE})
    cursor = answer.headers["fly-next-cursor"]
    fly.pass_time(1900)
    with pytest.raises(errors.InvalidRequest):
        fly.door().call(volumes.LIST, {"app": fly.app}, params={"limit": PAGE, "cursor": cursor})


def test_what_is_made_and_removed_between_pages_doubles_nothing(fly: FlyWorld) -> None:
    made = _make_volumes(fly)
    door, seen, cursor = fly.door(), [], None
    for round_number in range(20):
        params = {"limit": PAGE, "cursor": cursor}
        answer = door.call(volumes.LIST, {"app": fly.app}, params=params)
        seen += [volume["id"] for volume in answer.items()]
        cursor = answer.headers.get("fly-next-cursor")
        if cursor is None:
            break
        if round_number == 0:
            fly.client.volumes.destroy(fly.app, seen[0])
            fly.raw.post(
                f"/v1/apps/{fly.app}/volumes", json={"name": "late", "region": "ord", "size_gb": 1}
            ).raise_for_status()
    assert len(seen) == len(set(seen))
    assert made <= set(seen)
