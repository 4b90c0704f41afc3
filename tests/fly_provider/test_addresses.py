"""Ingress and egress addresses: adopted when it is plain which is meant, else allocated; never changed."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from localcloud.fly.faults.board import FaultKind
from tests.fly_provider.world import FlyWorld

EGRESS = {"app": "web", "region": "sjc"}


@pytest.fixture(autouse=True)
def app(world: FlyWorld) -> str:
    return world.make_app("web")


def _by_hand(world: FlyWorld, kind: str, **fields: Any) -> dict[str, Any]:
    answer = world.http.post("/v1/apps/web/ip_assignments", json={"type": kind, **fields})
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


def _ips(world: FlyWorld) -> list[str]:
    return [one.ip for one in world.app("web").ips]


@pytest.mark.parametrize("kind", ["v4", "v6", "shared_v4", "private_v6"])
def test_an_address_of_each_kind_is_allocated_read_imported_and_released(world: FlyWorld, kind: str) -> None:
    resource_id, inputs, outputs = world.make("IpAddress", app="web", type=kind)
    assert resource_id == f"web/{outputs['ip']}"
    resource = world.resource("IpAddress")
    assert resource.refresh(resource_id, inputs, outputs) == (resource_id, inputs, outputs)
    assert resource.import_(resource_id)[1] == inputs
    resource.delete(resource_id, inputs, outputs)
    assert _ips(world) == []
    resource.delete(resource_id, inputs, outputs)
    assert resource.refresh(resource_id, inputs, outputs)[0] == ""


@pytest.mark.parametrize("kind", ["v6", "shared_v4"])
def test_the_address_that_a_deploy_allocated_is_adopted(world: FlyWorld, kind: str) -> None:
    ip = _by_hand(world, kind)["ip"]
    assert world.make("IpAddress", app="web", type=kind)[0] == f"web/{ip}"
    assert _ips(world) == [ip]


def test_an_address_of_another_kind_is_not_adopted(world: FlyWorld) -> None:
    ip = _by_hand(world, "private_v6")["ip"]
    assert world.make("IpAddress", app="web", type="v6")[2]["ip"] != ip


def test_several_addresses_that_could_be_it_are_an_error_and_not_a_guess(world: FlyWorld) -> None:
    _by_hand(world, "v6")
    _by_hand(world, "v6")
    resource = world.resource("IpAddress")
    with pytest.raises(grpc.RpcError, match="has 2 addresses of type v6"):
        resource.create(resource.check({"app": "web", "type": "v6"}))


def test_an_allocation_whose_answer_is_lost_ends_with_one_address(world: FlyWorld) -> None:
    world.fault(FaultKind.TIMEOUT_AFTER_WRITE, action="App_IPAssignments_create", times=1, delay_s=0)
    _, _, outputs = world.make("IpAddress", app="web", type="v6")
    assert _ips(world) == [outputs["ip"]]


@pytest.mark.parametrize(
    ("wrong", "path", "word"),
    [
        ({"type": "egress_v4"}, "type", "not one of v4, v6, shared_v4, private_v6"),
        ({"type": "v4", "region": "sea"}, "region", "retired"),
        ({"type": "v6", "network": "x"}, "network", "private_v6"),
    ],
)
def test_wrong_addresses_are_refused(world: FlyWorld, wrong: dict[str, str], path: str, word: str) -> None:
    assert word in world.resource("IpAddress").failures({"app": "web", **wrong})[path]


def test_every_change_of_an_address_replaces_it(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("IpAddress", app="web", type="v4")
    for changed in ({"type": "v6"}, {"region": "fra"}, {"network": "x"}, {"app": "other"}):
        answer = world.resource("IpAddress").diff(resource_id, inputs, outputs, {**inputs, **changed})
        assert list(answer.replaces) == list(changed)


def test_an_egress_pair_is_allocated_read_imported_and_released(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("EgressIp", **EGRESS)
    assert resource_id == "web/egress/sjc"
    assert sorted(_ips(world)) == sorted([outputs["ipv4"], outputs["ipv6"]])
    resource = world.resource("EgressIp")
    assert resource.refresh(resource_id, inputs, outputs) == (resource_id, inputs, outputs)
    assert resource.import_(resource_id)[1:] == (inputs, outputs)
    resource.delete(resource_id, inputs, outputs)
    assert _ips(world) == []
    assert resource.refresh(resource_id, inputs, outputs)[0] == ""


def test_a_pair_that_is_there_already_is_adopted(world: FlyWorld) -> None:
    pair = _by_hand(world, "egress_pair", region="sjc")["ip_pair"]
    _, _, outputs = world.make("EgressIp", **EGRESS)
    assert (outputs["ipv4"], outputs["ipv6"]) == (pair["v4"], pair["v6"])


def test_pairs_of_two_regions_are_kept_apart(world: FlyWorld) -> None:
    _, _, one = world.make("EgressIp", "one", **EGRESS)
    _, _, two = world.make("EgressIp", "two", app="web", region="iad")
    assert one["ipv4"] != two["ipv4"]
    assert len(_ips(world)) == 4


def test_half_a_lost_pair_is_a_difference_and_the_update_completes_it(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("EgressIp", **EGRESS)
    world.http.delete(f"/v1/apps/web/ip_assignments/{outputs['ipv6']}").raise_for_status()
    resource = world.resource("EgressIp")
    _, _, half = resource.refresh(resource_id, inputs, outputs)
    assert "ipv6" not in half
    answer = resource.diff(resource_id, inputs, half, inputs)
    assert list(answer.diffs) == ["ipv6"]
    assert not answer.replaces
    healed = resource.update(resource_id, inputs, half, inputs)
    assert healed["ipv4"] == outputs["ipv4"]
    assert healed["ipv6"] in _ips(world)


def test_an_egress_id_of_the_wrong_form_is_refused(world: FlyWorld) -> None:
    with pytest.raises(grpc.RpcError, match="app/egress/region"):
        world.resource("EgressIp").import_("web/ingress/sjc")
