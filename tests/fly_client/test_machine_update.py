"""An update is done once, against the version that was read, whatever becomes of its answer."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from lifeboat.fly.client import errors
from lifeboat.fly.client.client import FlyClient
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import no
from tests.fly_client.stateful_fly import StatefulFly

OLD: dict[str, Any] = {"image": "a"}
NEW: dict[str, Any] = {"image": "b", "services": [{"internal_port": 8080, "autostop": "stop"}]}


@pytest.fixture
def world() -> StatefulFly:
    """Return a Fly with one machine."""
    made = StatefulFly()
    made.machines["m1"] = {"id": "m1", "name": "w", "state": "started", "version": "v1", "config": OLD}
    return made


@pytest.fixture
def client(fly: Fly, world: StatefulFly) -> FlyClient:
    """Return a client of it."""
    return fly(world).client()


def test_an_update_sends_the_whole_config_the_version_and_the_nonce(fly: Fly, world: StatefulFly) -> None:
    server = fly(world)
    updated = server.client().machines.update(
        "web", "m1", NEW, current_version="v1", nonce="n1", skip_launch=True, min_secrets_version=4
    )

    assert updated.instance_id == "v2"
    assert server.body() == {
        "config": NEW,
        "current_version": "v1",
        "skip_launch": True,
        "min_secrets_version": 4,
    }
    assert server.requests[-1].headers["fly-machine-lease-nonce"] == "n1"


def test_a_stale_version_changes_nothing(client: FlyClient, world: StatefulFly) -> None:
    with pytest.raises(errors.StaleVersion):
        client.machines.update("web", "m1", NEW, current_version="v0")

    assert world.machines["m1"]["config"] == OLD


@pytest.mark.parametrize("current_version", ["v1", None])
@pytest.mark.parametrize("done", [True, False])
def test_after_a_lost_answer_the_update_was_done_exactly_once(
    client: FlyClient, world: StatefulFly, current_version: str | None, done: bool
) -> None:
    world.failures = [(httpx.ReadTimeout("x"), done)]
    updated = client.machines.update("web", "m1", NEW, current_version=current_version)

    assert updated.instance_id == "v2"
    assert world.machines["m1"]["version"] == "v2"
    assert len(world.writes) == (1 if done else 2)


def test_the_same_config_again_is_still_one_new_version(client: FlyClient, world: StatefulFly) -> None:
    """A roll-out of secrets updates with an unchanged config: finding that config proves nothing."""
    world.failures = [(no(503, "x"), False)]
    client.machines.update("web", "m1", OLD)

    assert world.machines["m1"]["version"] == "v2"
    assert len(world.writes) == 2


def test_what_the_server_fills_in_does_not_hide_that_it_was_done(
    client: FlyClient, world: StatefulFly
) -> None:
    def fill() -> None:
        if world.machines["m1"]["version"] == "v2":
            filled = {"internal_port": 8080, "autostop": True}
            world.machines["m1"]["config"] = {**NEW, "services": [filled], "init": {}}

    world.before_read = fill
    world.failures = [(no(502, "x"), True)]
    client.machines.update("web", "m1", NEW, current_version="v1")

    assert len(world.writes) == 1


def test_somebody_elses_update_meanwhile_is_told(client: FlyClient, world: StatefulFly) -> None:
    def interfere() -> None:
        world.machines["m1"].update(version="v9", config={"image": "theirs"})

    world.before_read = interfere
    world.failures = [(httpx.ReadTimeout("x"), False)]
    with pytest.raises(errors.StaleVersion):
        client.machines.update("web", "m1", NEW, current_version="v1")

    assert world.machines["m1"]["config"] == {"image": "theirs"}


def test_an_update_nobody_can_look_at_is_unknown(client: FlyClient, world: StatefulFly) -> None:
    world.failures = [(httpx.ReadTimeout("x"), True)]
    world.unreadable = httpx.ReadTimeout("x")
    with pytest.raises(errors.UnknownOutcome):
        client.machines.update("web", "m1", NEW, current_version="v1")


@pytest.mark.parametrize("done", [True, False])
def test_a_restart_whose_answer_was_lost_happens_once(
    client: FlyClient, world: StatefulFly, done: bool
) -> None:
    world.failures = [(httpx.ReadTimeout("x"), done)]
    client.machines.restart("web", "m1")

    assert world.machines["m1"]["events"]
    assert len(world.writes) == (1 if done else 2)
