"""Look-ups: they answer what Fly has, and refuse wrong arguments and uncertain answers."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from lifeboat.providerkit import codec
from lifeboat.providerkit.protos import provider_pb2
from localcloud.fly.faults.board import FaultKind
from tests.fly_provider.world import FlyWorld


@pytest.fixture(autouse=True)
def app(world: FlyWorld) -> str:
    return world.make_app("web")


def _call(world: FlyWorld, function: str, /, **arguments: Any) -> dict[str, Any]:
    request = provider_pb2.InvokeRequest(tok=f"fly:index:{function}", args=codec.encode(arguments))
    return codec.decode(getattr(world.provider.stub.Invoke(request), "return"))


def _machine(world: FlyWorld, region: str, **metadata: str) -> str:
    config = {"image": "registry.fly.io/demo:1", "metadata": metadata}
    answer = world.http.post("/v1/apps/web/machines", json={"region": region, "config": config})
    return str(answer.raise_for_status().json()["id"])


def test_regions_are_listed_and_the_retired_are_not_among_the_codes(world: FlyWorld) -> None:
    found = _call(world, "getRegions")
    assert found["isLive"]
    assert {"sjc", "iad"} <= set(found["codes"])
    assert "sea" not in found["codes"]


def test_regions_come_from_the_table_when_fly_does_not_answer(world: FlyWorld) -> None:
    world.fault(FaultKind.API_DOWN)
    found = _call(world, "getRegions")
    assert (found["isLive"], "sjc" in found["codes"]) == (False, True)


def test_placements_are_simulated(world: FlyWorld) -> None:
    found = _call(world, "getPlacements", org="lifeboat", regions="sjc,iad", count=2)
    assert {one["region"] for one in found["placements"]} <= {"sjc", "iad"}
    assert sum(one["count"] for one in found["placements"]) >= 2


def test_an_app_is_looked_up(world: FlyWorld) -> None:
    found = _call(world, "getApp", name="web")
    assert (found["name"], found["org"], found["hostname"]) == ("web", "lifeboat", "web.fly.dev")


def test_an_app_that_does_not_exist_is_an_error(world: FlyWorld) -> None:
    with pytest.raises(grpc.RpcError, match="nothing-here"):
        _call(world, "getApp", name="nothing-here")


def test_machines_are_found_by_region_and_label(world: FlyWorld) -> None:
    one, two = _machine(world, "sjc", role="web"), _machine(world, "iad", role="web")
    _machine(world, "sjc", role="cron")
    assert len(_call(world, "getMachines", app="web")["machines"]) == 3
    web = _call(world, "getMachines", app="web", metadata={"role": "web"})["machines"]
    assert {machine["id"] for machine in web} == {one, two}
    found = _call(world, "getMachines", app="web", region="sjc", metadata={"role": "web"})["machines"]
    assert [(machine["id"], machine["region"]) for machine in found] == [(one, "sjc")]
    assert found[0]["imageDigest"].startswith("sha256:")


def test_an_empty_list_of_machines_is_not_believed(world: FlyWorld) -> None:
    _machine(world, "sjc")
    world.fault(FaultKind.EMPTY_LIST)
    with pytest.raises(grpc.RpcError):
        _call(world, "getMachines", app="web")


def test_volumes_are_found_by_region_and_name(world: FlyWorld) -> None:
    for name, region in (("data", "sjc"), ("data", "iad"), ("cache", "sjc")):
        body = {"name": name, "region": region, "size_gb": 1}
        world.http.post("/v1/apps/web/volumes", json=body).raise_for_status()
    found = _call(world, "getVolumes", app="web", region="sjc")["volumes"]
    assert [volume["name"] for volume in found] == ["cache", "data"]
    assert len(_call(world, "getVolumes", app="web", name="data")["volumes"]) == 2


def test_a_certificate_is_looked_up(world: FlyWorld) -> None:
    world.http.post("/v1/apps/web/ip_assignments", json={"type": "v6"}).raise_for_status()
    world.make("Certificate", app="web", hostname="www.example.org")
    found = _call(world, "getCertificate", app="web", hostname="www.example.org")
    assert found["hostname"] == "www.example.org"
    assert found["dnsRequirements"]["aaaa"]


@pytest.mark.parametrize(
    ("name", "arguments", "word"),
    [
        ("getApp", {}, "missing, but required"),
        ("getApp", {"name": "web", "nmae": "x"}, "did you mean name"),
        ("getPlacements", {"org": "lifeboat", "regions": "sjc", "count": "two"}, "whole number"),
        ("getNothing", {}, "has no function"),
    ],
)
def test_wrong_arguments_are_refused(
    world: FlyWorld, name: str, arguments: dict[str, Any], word: str
) -> None:
    with pytest.raises(grpc.RpcError, match=word):
        _call(world, name, **arguments)
