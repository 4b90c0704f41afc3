"""Carries a plan out on plain values, as a Fly without surprises would, checking the order as it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from lifeboat.fly.provider.groups.desired import Desired
from lifeboat.fly.provider.groups.marks import GREEN, Marks
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.plan import Plan
from lifeboat.fly.provider.groups.planning import plan
from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.steps import Create, Destroy, Green, Mark, Rest, Update, Wake

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
GROUP_URN = "urn:pulumi:local::lifeboat::fly:index:MachineGroup::web"


def a_group(**changes: Any) -> Desired:
    """A small group; what a test says nothing about does not matter to it."""
    given: dict[str, Any] = {
        "urn": GROUP_URN,
        "app": "shop",
        "group": "web",
        "config": {"image": "registry.fly.io/shop:v1"},
        "regions": {"sjc": 2},
        "incarnation": "i1",
    }
    return Desired(**{**given, **changes})


def a_machine(name: str, config: Mapping[str, Any] | None = None, **changes: Any) -> Member:
    """A started machine; its marks are read from its configuration."""
    config = config or {"image": "registry.fly.io/shop:v1"}
    given: dict[str, Any] = {
        "id": f"id-{name}",
        "name": name,
        "region": "sjc",
        "state": "started",
        "instance_id": "01A",
        "host_status": "ok",
        "cordoned": False,
        "created_at": EPOCH,
        "config": config,
        "image_digest": "",
        "checks_passing": None,
        "marks": Marks.read(config.get("metadata") or {}),
    }
    return Member(**{**given, **changes})


class Simulation:
    """The machines of one app."""

    def __init__(self, *members: Member) -> None:
        self.members = {member.id: member for member in members}
        self._made = 0

    @property
    def all(self) -> tuple[Member, ...]:
        """Every machine that is still there."""
        return tuple(self.members.values())

    def names(self) -> list[str]:
        """The names of all machines, sorted."""
        return sorted(member.name for member in self.all)

    def carry_out(self, plan: Plan) -> None:
        """Do every step in order."""
        for step in plan.steps:
            self.do(step)

    def do(self, step: Mark | Create | Wake | Update | Green | Rest | Destroy) -> None:
        """Do one step."""
        match step:
            case Mark():
                self._mark(step.member, step.metadata)
            case Create():
                self._create(step)
            case Wake():
                self._put(step.member, state="started", cordoned=False)
            case Update():
                state = "started" if step.launch else step.member.state
                cordoned = step.member.cordoned and step.role is Role.STANDBY
                self._put(step.member, config=step.config, state=state, cordoned=cordoned)
            case Green():
                self._switch(step)
            case Rest():
                self._put(
                    step.member, config=step.config or step.member.config, state="stopped", cordoned=True
                )
                self._mark(self.members[step.member.id], step.metadata)
            case Destroy():
                del self.members[step.member.id]

    def _put(self, member: Member, **changes: Any) -> None:
        changed = replace(self.members[member.id], **changes)
        self.members[member.id] = replace(changed, marks=Marks.read(changed.metadata))

    def _mark(self, member: Member, changes: Mapping[str, str | None]) -> None:
        member = self.members[member.id]
        merged = {**member.metadata, **changes}
        metadata = {key: value for key, value in merged.items() if value is not None}
        self._put(member, config={**member.config, "metadata": metadata})

    def _create(self, step: Create) -> Member:
        assert step.name not in self.names()
        self._made += 1
        active = step.role is Role.ACTIVE
        made = a_machine(
            step.name,
            step.config,
            id=f"made-{self._made}",
            region=step.regions[0],
            state="started" if active else "created",
            cordoned=not active or step.green,
            created_at=EPOCH + timedelta(days=1, seconds=self._made),
        )
        self.members[made.id] = made
        return made

    def _switch(self, step: Green) -> None:
        green = step.member or (self._create(step.create) if step.create else None)
        assert green is not None
        self._put(green, cordoned=False)
        self._mark(self.members[green.id], {GREEN: None})
        del self.members[step.blue.id]


def settled(desired: Desired) -> Simulation:
    """The group as it is after everything declared was done."""
    simulation = Simulation()
    simulation.carry_out(plan(desired, ()))
    return simulation


def with_metadata(member: Member, **metadata: str) -> Member:
    """The machine with other marks, as somebody else wrote them."""
    config = {**member.config, "metadata": {**member.metadata, **metadata}}
    return replace(member, config=config, marks=Marks.read(config["metadata"]))
