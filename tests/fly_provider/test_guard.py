"""The guard and the settings: the wrong world is refused before any call, and a token is never a setting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import grpc
import pytest

from lifeboat.core.errors import Refused
from lifeboat.fly.provider.addresses import guard_addresses, guard_secret_source
from lifeboat.providerkit import codec
from lifeboat.providerkit.protos import provider_pb2
from tests.fly_provider.world import ENVIRONMENT, FlyWorld
from tests.providerkit.running_provider import EngineResource

LOCAL = {name: value for name, value in ENVIRONMENT.items() if name != "FLY_API_TOKEN"}
NAMES = sorted(LOCAL)
APP = {"name": "web", "org": "lifeboat"}


@pytest.mark.parametrize("stack", ["local", "local-production"])
def test_a_local_stack_works_on_loopback_addresses(stack: str) -> None:
    guard_addresses(stack, LOCAL)


@pytest.mark.parametrize("missing", NAMES)
def test_a_local_stack_with_one_variable_missing_is_refused(missing: str) -> None:
    with pytest.raises(Refused, match=f"{missing} is not set"):
        guard_addresses("local", {name: value for name, value in LOCAL.items() if name != missing})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "address",
    [
        "https://api.machines.dev",
        "http://localhost.evil.example",
        "http://localhost@evil.example",
        "ftp://localhost",
        "localhost",
        "http://[::1",
    ],
)
def test_a_local_stack_with_another_address_is_refused(name: str, address: str) -> None:
    with pytest.raises(Refused, match="no loopback address"):
        guard_addresses("local", {**LOCAL, name: address})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "address", ["http://localhost:4280", "http://127.0.0.1", "http://127.9.9.9", "http://[::1]"]
)
def test_a_real_stack_with_a_loopback_address_is_refused(name: str, address: str) -> None:
    with pytest.raises(Refused, match="not local"):
        guard_addresses("production", {name: address})


def test_a_real_stack_works_on_the_real_fly_also_from_inside_of_it() -> None:
    guard_addresses("production", {})
    guard_addresses("production", {"FLY_FLAPS_BASE_URL": "http://_api.internal:4280"})


def test_secrets_manager_is_guarded_the_same_way_and_its_own_variable_wins() -> None:
    both = {
        "AWS_ENDPOINT_URL": "http://localhost:1",
        "AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://localhost:2",
    }
    assert guard_secret_source("local", both) == "http://localhost:2"
    assert guard_secret_source("production", {}) is None
    with pytest.raises(Refused):
        guard_secret_source("production", both)
    with pytest.raises(Refused, match="the real AWS"):
        guard_secret_source("local", {})


def test_no_procedure_works_for_a_stack_of_the_wrong_world(world: FlyWorld) -> None:
    resource = EngineResource(world.provider.stub, "fly:index:App", stack="production")
    calls: list[Any] = [
        lambda: resource.check(APP),
        lambda: resource.create(APP),
        lambda: resource.diff("web", APP, APP, APP),
        lambda: resource.update("web", APP, APP, APP),
        lambda: resource.refresh("web", APP, APP),
        lambda: resource.delete("web", APP, APP),
    ]
    for call in calls:
        with pytest.raises(grpc.RpcError) as error:
            call()
        assert error.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert not world.transport.requests


def test_a_token_as_a_setting_is_refused_and_never_quoted(world: FlyWorld) -> None:
    settings = {"token": "FlyV1 fm2_very_private"}
    request = provider_pb2.CheckRequest(
        urn="urn:pulumi:local::lifeboat::pulumi:providers:fly::default", news=codec.encode(settings)
    )
    answer = world.provider.stub.CheckConfig(request)
    assert "export FLY_API_TOKEN" in answer.failures[0].reason
    with pytest.raises(grpc.RpcError) as error:
        world.provider.stub.Configure(provider_pb2.ConfigureRequest(args=codec.encode(settings)))
    assert "very_private" not in str(error.value) + str(answer.failures)


def test_checks_and_previews_need_no_token_and_the_first_call_says_that_it_is_missing(tmp_path: Path) -> None:
    world = FlyWorld(tmp_path / "fly", {"FLY_API_TOKEN": ""})
    try:
        resource = world.resource("App")
        inputs = resource.check(APP)
        resource.create(inputs, preview=True)
        with pytest.raises(grpc.RpcError, match="FLY_API_TOKEN is not set"):
            resource.create(inputs)
    finally:
        world.close()


def test_a_wrong_token_is_a_typed_error_that_does_not_show_it(tmp_path: Path) -> None:
    world = FlyWorld(tmp_path / "fly", {"FLY_API_TOKEN": "FlyV1 fm2_very_private"})
    try:
        resource = world.resource("App")
        with pytest.raises(grpc.RpcError, match="token") as error:
            resource.create(resource.check(APP))
        assert "very_private" not in str(error.value)
    finally:
        world.close()


def test_every_resource_of_a_process_shares_one_client(world: FlyWorld) -> None:
    world.make("App", "one", name="web", org="lifeboat")
    started_s = world.clock.monotonic_s()
    world.make("IpAddress", "a", app="web", type="v6")
    for region in ("sjc", "iad", "fra", "lhr"):
        world.make("EgressIp", region, app="web", region=region)
    # Five creates of one action on one app, bursts of three: Fly would have refused the fourth.
    assert world.clock.monotonic_s() - started_s >= 1
