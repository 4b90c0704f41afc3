"""A run that is killed at any write: the next one ends with exactly the declared machines, once each.

A lease the dead run left on a machine that needs nothing more ends by itself, 13 s after its last refresh.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lifeboat.fly.provider.access import FlyAccess
from lifeboat.fly.provider.machine_group import MachineGroupHandler
from lifeboat.providerkit.requests import CheckRequest, CreateRequest, Made, Subject, UpdateRequest
from lifeboat.providerkit.urn import parse_urn
from tests.fly_emulator.fake_runner import FakeRunner
from tests.fly_provider.dying_transport import DyingTransport, Killed
from tests.fly_provider.live_world import QUICK, LiveWorld
from tests.fly_provider.world import ENVIRONMENT

APP = "shop-web"
LEASE_S = 13
URN = parse_urn("urn:pulumi:local::lifeboat::fly:index:MachineGroup::web")
BEFORE: dict[str, Any] = {
    "app": APP,
    "group": "web",
    "config": {"image": "registry.fly.io/lifeboat-light:1"},
    "regions": {"sjc": 2},
    "standbyRegions": {"ord": 1},
}
AFTER: dict[str, Any] = {
    **BEFORE,
    "config": {"image": "registry.fly.io/lifeboat-light:2"},
    "regions": {"ord": 1, "fra": 1},
    "standbyRegions": {"sjc": 1},
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[LiveWorld]:
    """An app without machines."""
    made = LiveWorld(tmp_path / "fly", FakeRunner())
    made.make_app(APP)
    yield made
    made.close()


class Run:
    """One provider process: a handler with a client of its own."""

    def __init__(self, world: LiveWorld, *, life: int | None = None, after: bool = False) -> None:
        self.transport = DyingTransport(world.transport, life=life, after=after)
        access = FlyAccess(ENVIRONMENT, transport=self.transport, recheck_s=0.1)
        self._handler = MachineGroupHandler(access, replace(QUICK, lease_ttl_s=LEASE_S))
        self._subject = Subject(urn=URN, clock=world.clock, log=lambda _: None)

    def create(self, inputs: dict[str, Any]) -> Made:
        """Check and create."""
        return self._handler.create(CreateRequest(subject=self._subject, inputs=self._checked(inputs)))

    def update(self, made: Made, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Check and update."""
        self._handler.update(
            UpdateRequest(
                subject=self._subject,
                resource_id=made.resource_id,
                inputs=self._checked(new),
                old_inputs=self._checked(old),
                old_outputs=made.outputs,
            )
        )

    def _checked(self, inputs: dict[str, Any]) -> dict[str, Any]:
        request = CheckRequest(subject=self._subject, inputs=inputs, old_inputs={})
        return self._handler.check(request).inputs


def shown(world: LiveWorld) -> list[tuple[str, str, str, bool]]:
    """Slot, image, whether it runs, whether it is cordoned; of every machine that counts."""
    return sorted(
        (
            one.metadata["lifeboat_slot"],
            one.config["image"][-1],
            "up" if str(one.state) == "started" else "down",
            one.cordoned,
        )
        for one in world.app(APP).machines.values()
        if one.state not in ("destroying", "destroyed")
    )


def leases(world: LiveWorld) -> list[str]:
    """The machines with a lease that does not end by itself in time."""
    left = _held(world)
    if left:
        world.clock.sleep(LEASE_S)
    return _held(world) if left else []


def _held(world: LiveWorld) -> list[str]:
    now = world.emulator.world.clock.now()
    return [
        one.id
        for one in world.app(APP).machines.values()
        if one.lease is not None and one.lease.expires_at > now
    ]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("life", [0, 1, 2, 3])
def test_a_create_killed_at_any_write_is_completed_without_duplicates(
    world: LiveWorld, life: int, after: bool
) -> None:
    try:
        Run(world, life=life, after=after).create(BEFORE)
    except Killed:
        assert life < 4
    Run(world).create(BEFORE)
    assert shown(world) == [
        ("ord/1", "1", "down", True),
        ("sjc/1", "1", "up", False),
        ("sjc/2", "1", "up", False),
    ]
    assert leases(world) == []


@pytest.mark.parametrize(
    ("strategy", "life"),
    [*(("rolling", life) for life in range(0, 12, 2)), *(("bluegreen", life) for life in range(1, 20, 4))],
)
def test_an_update_killed_at_any_write_is_completed_by_the_next(
    tmp_path: Path, strategy: str, life: int
) -> None:
    """Growing, moving roles, changing the image and shrinking at once; killed after a part of its writes."""
    world = LiveWorld(tmp_path / "fly", FakeRunner())
    world.make_app(APP)
    old, new = {**BEFORE, "strategy": strategy}, {**AFTER, "strategy": strategy}
    made = Run(world).create(old)
    with pytest.raises(Killed):
        Run(world, life=life, after=True).update(made, old, new)
    final = Run(world)
    final.update(made, old, new)
    assert shown(world) == [
        ("fra/1", "2", "up", False),
        ("ord/1", "2", "up", False),
        ("sjc/1", "2", "down", True),
    ]
    assert leases(world) == []
    world.close()
