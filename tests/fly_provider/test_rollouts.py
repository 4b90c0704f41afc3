"""Rollouts through real machines and the emulated edge, under load: what a client outside would notice."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest

from tests.fly_provider.rollout_world import Load, Rollout, RolloutWorld, serving


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RolloutWorld]:
    """One emulated Fly for all tests here."""
    made = RolloutWorld(tmp_path_factory.mktemp("fly"))
    yield made
    made.close()


def test_a_rolling_update_fails_no_request_and_leaves_no_lease(world: RolloutWorld) -> None:
    rollout = Rollout(world, "rolls", config=serving("rolls:v1"), regions={"sjc": 1, "iad": 1})
    with Load(world, "rolls") as load:
        rollout.up(config=serving("rolls:v2"))
    assert load.failures == []
    assert set(load.versions) == {"v1", "v2"}
    assert rollout.show("image", "lease", "cordoned", "state") == [
        ("rolls:v2", None, False, "started"),
        ("rolls:v2", None, False, "started"),
    ]


def test_an_unhealthy_version_is_taken_back_and_the_others_are_not_begun(world: RolloutWorld) -> None:
    rollout = Rollout(
        world, "sick", config=serving("sick:v1"), regions={"sjc": 2}, strategy="canary", waitTimeoutS=4
    )
    versions = rollout.show("instance_id")
    with Load(world, "sick") as load, pytest.raises(grpc.RpcError) as raised:
        rollout.up(config=serving("lifeboat-unhealthy:v2"))
    said = raised.value.details() or ""
    assert "check servicecheck-00-http-8080 is critical" in said
    assert "runs its previous version again" in said
    assert "1 machines were not begun" in said
    assert load.failures == []
    assert set(load.versions) == {"v1"}
    assert rollout.show("image", "lease") == [("sick:v1", None)] * 2
    assert rollout.show("instance_id")[1] == versions[1]


def test_a_version_that_exits_is_given_up_long_before_the_deadline(world: RolloutWorld) -> None:
    rollout = Rollout(
        world, "exits", config={"image": "registry.fly.io/exits:v1"}, regions={"sjc": 1}, waitTimeoutS=300
    )
    with pytest.raises(grpc.RpcError, match=r"exited|does not run"):
        rollout.up(config={"image": "registry.fly.io/lifeboat-crash:v2"})
    assert rollout.show("image", "state") == [("exits:v1", "started")]


def test_a_bluegreen_rollout_switches_without_a_failed_request(world: RolloutWorld) -> None:
    rollout = Rollout(
        world, "colours", config=serving("colours:v1"), regions={"sjc": 1, "iad": 1}, strategy="bluegreen"
    )
    blue = rollout.show("id")
    with Load(world, "colours") as load:
        rollout.up(config=serving("colours:v2"))
    assert load.failures == []
    assert set(load.versions) == {"v1", "v2"}
    assert rollout.show("image", "state") == [("colours:v2", "started")] * 2
    assert not set(blue) & set(rollout.show("id"))
    assert sorted(one["slot"] for one in rollout.outputs["machines"]) == ["iad/1", "sjc/1"]


def test_a_failed_bluegreen_rollout_removes_the_greens_and_never_touches_the_blues(
    world: RolloutWorld,
) -> None:
    rollout = Rollout(
        world, "stays", config=serving("stays:v1"), regions={"sjc": 2}, strategy="bluegreen", waitTimeoutS=4
    )
    before = rollout.show("id", "instance_id")
    with Load(world, "stays") as load, pytest.raises(grpc.RpcError, match="green machines were removed"):
        rollout.up(config=serving("lifeboat-unhealthy:v2"))
    assert load.failures == []
    assert set(load.versions) == {"v1"}
    assert rollout.show("id", "instance_id") == before
    rollout.up(config=serving("stays:v2"))
    assert rollout.show("image") == [("stays:v2",)] * 2


def test_a_switch_of_regions_wakes_the_standby_before_the_other_one_rests(world: RolloutWorld) -> None:
    rollout = Rollout(
        world, "swaps", config=serving("swaps:v1"), regions={"sjc": 1}, standbyRegions={"ord": 1}
    )
    assert rollout.show("name", "state") == [("web-ord-1", "created"), ("web-sjc-1", "started")]
    with Load(world, "swaps") as load:
        rollout.up(regions={"ord": 1}, standbyRegions={"sjc": 1})
    assert load.failures == []
    assert rollout.show("name", "state") == [("web-ord-1", "started"), ("web-sjc-1", "stopped")]


def test_updating_the_only_machine_makes_requests_wait_and_fails_none(world: RolloutWorld) -> None:
    rollout = Rollout(world, "only", config=serving("only:v1"), regions={"sjc": 1})
    with Load(world, "only") as load:
        rollout.up(config=serving("only:v2"))
    assert load.failures == []
    assert load.versions["v2"] > 0
