"""What the provider makes of a Fly that is not well: typed errors, patience where it helps, nothing twice."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from localcloud.fly.faults.board import FaultKind
from tests.fly_provider.world import FlyWorld

APP = {"name": "shop-web", "org": "lifeboat"}
BELONGINGS: dict[str, dict[str, Any]] = {
    "Volume": {"region": "sjc", "name": "data_1", "sizeGb": 1},
    "IpAddress": {"type": "v6"},
    "EgressIp": {"region": "sjc"},
    "Certificate": {"hostname": "www.example.org"},
    "AppSecrets": {"values": {"ONE": "a private word"}},
}


def test_an_api_that_is_down_is_an_error_that_names_the_operation(world: FlyWorld) -> None:
    world.fault(FaultKind.API_DOWN)
    resource = world.resource("App")
    with pytest.raises(grpc.RpcError, match=r"apps\.get") as error:
        resource.create(resource.check(APP))
    assert error.value.code() is grpc.StatusCode.FAILED_PRECONDITION


def test_an_api_that_is_down_for_a_moment_is_waited_for(world: FlyWorld) -> None:
    world.fault(FaultKind.API_DOWN, times=2)
    assert world.make("App", **APP)[0] == "shop-web"


def test_a_refresh_while_the_api_is_down_forgets_nothing(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("App", **APP)
    world.fault(FaultKind.API_DOWN)
    with pytest.raises(grpc.RpcError):
        world.resource("App").refresh(resource_id, inputs, outputs)


def test_a_token_verification_that_is_down_is_not_taken_for_a_bad_token(world: FlyWorld) -> None:
    world.fault(FaultKind.TOKENS_DOWN)
    resource = world.resource("App")
    with pytest.raises(grpc.RpcError, match="do not rotate it yet"):
        resource.create(resource.check(APP))


@pytest.mark.parametrize("kind", BELONGINGS)
def test_a_storm_of_429_is_waited_out_and_nothing_is_made_twice(world: FlyWorld, kind: str) -> None:
    world.make_app("web")
    world.fault(FaultKind.RATE_STORM, times=3)
    resource_id, inputs, outputs = world.make(kind, app="web", **BELONGINGS[kind])
    assert world.resource(kind).refresh(resource_id, inputs, outputs)[0] == resource_id


@pytest.mark.parametrize("kind", BELONGINGS)
def test_reads_that_lag_behind_a_write_lose_nothing(world: FlyWorld, kind: str) -> None:
    world.make_app("web")
    world.clock.sleep(60)
    world.fault(FaultKind.STALE_READS, delay_s=3)
    resource_id, inputs, outputs = world.make(kind, app="web", **BELONGINGS[kind])
    assert world.resource(kind).refresh(resource_id, inputs, outputs)[0] == resource_id


def test_an_app_made_while_reads_lag_is_made_once(world: FlyWorld) -> None:
    world.fault(FaultKind.STALE_READS, delay_s=3)
    resource_id, inputs, outputs = world.make("App", **APP)
    assert world.resource("App").refresh(resource_id, inputs, outputs)[0] == resource_id


@pytest.mark.parametrize("kind", BELONGINGS)
def test_a_lost_answer_to_any_write_makes_nothing_twice(world: FlyWorld, kind: str) -> None:
    world.make_app("web")
    world.fault(FaultKind.TIMEOUT_AFTER_WRITE, times=1, delay_s=0)
    world.make(kind, app="web", **BELONGINGS[kind])
    app = world.app("web")
    made = (len(app.volumes), len(app.ips), len(app.certificates), len(app.secrets))
    assert sum(made) == (2 if kind == "EgressIp" else 1)


@pytest.mark.parametrize("kind", BELONGINGS)
def test_belongings_of_an_app_that_does_not_exist_are_a_typed_error_without_secrets(
    world: FlyWorld, kind: str
) -> None:
    resource = world.resource(kind)
    with pytest.raises(grpc.RpcError) as error:
        resource.create(resource.check({"app": "nothing-here", **BELONGINGS[kind]}))
    assert error.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "a private word" not in str(error.value)
