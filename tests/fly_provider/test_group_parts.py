"""The small pure parts of groups: slots, names, batches, capacity, and the speed of planning."""

from __future__ import annotations

import pytest

from lifeboat.fly.client.errors import CapacityScope
from lifeboat.fly.provider.groups.batches import batch_size, batches
from lifeboat.fly.provider.groups.capacity import next_region
from lifeboat.fly.provider.groups.desired import Strategy
from lifeboat.fly.provider.groups.names import Names
from lifeboat.fly.provider.groups.planning import plan
from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.slot import Slot
from lifeboat.fly.provider.groups.specimen import specimen
from lifeboat.fly.provider.groups.steps import Update
from tests.fly_provider.group_simulator import a_group, a_machine


def an_update(region: str, number: int, *, launch: bool = True, state: str = "started") -> Update:
    slot = Slot(region=region, number=number)
    member = a_machine(slot.machine_name("web"), region=region, state=state)
    return Update(slot=slot, role=Role.ACTIVE, member=member, config={}, launch=launch)


@pytest.mark.parametrize("text", ["", "sjc", "sjc/0", "sjc/01", "SJC/1", "sjc/1/2", "../../1"])
def test_only_a_slot_is_read_as_a_slot(text: str) -> None:
    assert Slot.parse(text) is None


def test_a_slot_is_read_as_it_is_written() -> None:
    slot = Slot(region="sjc", number=12)
    assert Slot.parse(slot.text) == slot
    assert slot.machine_name("web") == "web-sjc-12"


def test_a_taken_name_gets_an_ending_and_none_is_given_twice() -> None:
    names = Names(["web-sjc-1", "web-sjc-1-r1"])
    assert [names.take("web-sjc-1"), names.take("web-sjc-1"), names.take("web-sjc-2")] == [
        "web-sjc-1-r2",
        "web-sjc-1-r3",
        "web-sjc-2",
    ]


def test_a_batch_takes_the_same_number_of_every_region_first() -> None:
    updates = [an_update(region, number) for region in ("fra", "sjc") for number in (1, 2)]
    found = batches(a_group(max_unavailable=2), updates)
    assert [[step.slot.text for step in batch] for batch in found] == [["fra/1", "sjc/1"], ["fra/2", "sjc/2"]]


def test_machines_that_are_down_come_first_and_those_asleep_last() -> None:
    updates = [
        an_update("sjc", 1),
        an_update("sjc", 2, launch=False, state="stopped"),
        an_update("sjc", 3, state="failed"),
    ]
    found = batches(a_group(), updates)
    assert [[step.slot.number for step in batch] for batch in found] == [[3], [1], [2]]


def test_a_canary_goes_alone_and_an_immediate_rollout_has_one_batch() -> None:
    updates = [an_update("sjc", number) for number in (1, 2, 3)]
    canary = batches(a_group(strategy=Strategy.CANARY, max_unavailable=9), updates)
    assert [len(batch) for batch in canary] == [1, 2]
    assert [len(batch) for batch in batches(a_group(strategy=Strategy.IMMEDIATE), updates)] == [3]


@pytest.mark.parametrize(("limit", "size"), [(1, 1), (3, 3), (0.33, 3), (0.01, 1), (0.99, 9)])
def test_a_share_is_rounded_down_and_never_to_nothing(limit: float, size: int) -> None:
    assert batch_size(a_group(regions={"sjc": 10}, max_unavailable=limit)) == size


@pytest.mark.parametrize(
    ("scope", "tried", "following"),
    [
        (CapacityScope.HOST, ["sjc"], "sjc"),
        (CapacityScope.HOST, ["sjc", "sjc"], "lax"),
        (CapacityScope.REGION, ["sjc"], "lax"),
        (CapacityScope.QUOTA, ["sjc", "lax"], "ord"),
        (CapacityScope.REGION, ["sjc", "lax", "ord"], None),
        (CapacityScope.VOLUME, ["sjc"], None),
    ],
)
def test_where_to_try_next_follows_from_how_far_the_lack_of_room_reaches(
    scope: CapacityScope, tried: list[str], following: str | None
) -> None:
    assert next_region(("sjc", "lax", "ord"), tried, scope) == following


def test_the_specimen_asks_for_one_update_per_machine() -> None:
    assert len(plan(*specimen(1000)).updates) == 1000
