"""Planning: pure and deterministic, one decision per slot, then one per spare machine; nothing is called.

Planning the result of a plan gives an empty plan. A machine is destroyed only when it is provably ours and
its slot has another one, or the slot is not declared any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lifeboat.fly.provider.groups.blueprint import Blueprint
from lifeboat.fly.provider.groups.claims import claim, is_ours
from lifeboat.fly.provider.groups.desired import Desired, Strategy
from lifeboat.fly.provider.groups.marks import GREEN
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.names import Names
from lifeboat.fly.provider.groups.plan import Kept, Plan
from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.slot import Slot
from lifeboat.fly.provider.groups.steps import (
    Blocked,
    Create,
    Destroy,
    Green,
    Mark,
    Reason,
    Rest,
    Update,
    Wake,
)

Step = Mark | Create | Wake | Update | Green | Rest | Destroy


def plan(desired: Desired, members: Iterable[Member]) -> Plan:
    """Plan a group.

    Args:
        desired: what the program declares.
        members: every machine of the app, foreign ones too (for their names).

    Raises:
        ConfigError: a machine of another owner bears the name of one of our slots.
    """
    return _Planning(desired, tuple(members)).plan()


class _Planning:
    """One planning of one group.

    Args:
        desired: what the program declares.
        members: every machine of the app.
    """

    def __init__(self, desired: Desired, members: tuple[Member, ...]) -> None:
        self._desired = desired
        self._slots = desired.slots()
        self._claims = claim(desired, members, Blueprint(desired).matches)
        self._blueprint = Blueprint(desired, tuple(self._claims.holders.values()))
        self._names = Names(member.name for member in members if member.state != "destroyed")
        self._sleeps = autostops(desired.config)
        self._kept: list[Kept] = []
        self._steps: list[Step] = []
        self._blocked: list[Blocked] = []
        self._unclaimed: list[Member] = []
        self._greens = {
            member.marks.slot: member
            for member in self._claims.spare
            if member.marks.green == self._blueprint.generation and self._blueprint.matches(member)
        }

    def plan(self) -> Plan:
        """Decide everything."""
        for slot, declared in self._slots.items():
            holder = self._claims.holders.get(slot)
            if holder is None:
                self._missing(slot, declared)
            elif holder.volume != self._desired.volume_of(slot):
                self._create(slot, declared)
                self._destroy(holder, Reason.REPLACED)
            else:
                self._held(slot, declared, holder)
        paired = {step.member.id for step in self._steps if isinstance(step, Green) and step.member}
        for member in self._claims.spare:
            if member.id not in paired:
                self._destroy(member, self._reason(member))
        return Plan(
            generation=self._blueprint.generation,
            kept=tuple(self._kept),
            marks=self._of(Mark),
            creates=self._of(Create),
            wakes=self._of(Wake),
            updates=self._of(Update),
            greens=self._of(Green),
            rests=self._of(Rest),
            destroys=self._of(Destroy),
            blocked=tuple(self._blocked),
            unclaimed=tuple(self._unclaimed),
        )

    def _missing(self, slot: Slot, declared: Role) -> None:
        lost = self._claims.lost.get(slot)
        if lost is None:
            self._create(slot, declared)
        elif self._desired.volume_of(slot):
            volume = lost.volume or self._desired.volume_of(slot)
            reason = f"machine {lost.id} and its volume {volume} are on an unreachable host"
            self._blocked.append(Blocked(slot=slot, reason=reason))
        else:
            self._create(slot, lost.marks.effective_role(declared))
            self._destroy(lost, Reason.UNREACHABLE)

    def _create(self, slot: Slot, role: Role) -> None:
        name = self._names.take(slot.machine_name(self._desired.group))
        self._steps.append(self._creation(slot, role, name, green=False))

    def _creation(self, slot: Slot, role: Role, name: str, *, green: bool) -> Create:
        config = self._blueprint.config(slot, role)
        if green:
            config["metadata"][GREEN] = self._blueprint.generation
        fallback = () if self._desired.volume_of(slot) else self._desired.fallback_regions
        return Create(
            slot=slot,
            role=role,
            name=name,
            regions=tuple(dict.fromkeys((slot.region, *fallback))),
            config=config,
            green=green,
        )

    def _held(self, slot: Slot, declared: Role, holder: Member) -> None:
        role = holder.marks.effective_role(declared)
        self._kept.append(Kept(slot=slot, role=role, member=holder))
        stale = not self._blueprint.matches(holder)
        if _is_demoted(holder, declared) and not (holder.is_asleep and holder.cordoned):
            self._rest(slot, holder, stale=stale)
        elif stale:
            self._change(slot, role, holder)
        else:
            self._mark(slot, role, holder)
            if role is Role.ACTIVE and (holder.cordoned or not self._is_up(holder)):
                self._steps.append(Wake(slot=slot, member=holder))

    def _rest(self, slot: Slot, holder: Member, *, stale: bool) -> None:
        config = self._blueprint.config(slot, Role.STANDBY, holder) if stale else None
        changes = self._blueprint.metadata_changes(slot, Role.STANDBY, holder)
        self._steps.append(Rest(slot=slot, member=holder, config=config, metadata=changes))

    def _change(self, slot: Slot, role: Role, holder: Member) -> None:
        launch = self._should_run(role, holder)
        if self._desired.strategy is Strategy.BLUEGREEN and role is Role.ACTIVE and launch:
            self._green(slot, holder)
            return
        config = self._blueprint.config(slot, role, holder)
        self._steps.append(Update(slot=slot, role=role, member=holder, config=config, launch=launch))

    def _green(self, slot: Slot, blue: Member) -> None:
        found = self._greens.get(slot)
        create = None
        if found is None:
            base = f"{slot.machine_name(self._desired.group)}-{self._blueprint.generation}"
            create = self._creation(slot, Role.ACTIVE, self._names.take(base), green=True)
        self._steps.append(Green(slot=slot, blue=blue, member=found, create=create))

    def _mark(self, slot: Slot, role: Role, holder: Member) -> None:
        changes = self._blueprint.metadata_changes(slot, role, holder)
        if changes:
            self._steps.append(Mark(member=holder, metadata=changes))

    def _should_run(self, role: Role, holder: Member) -> bool:
        if role is Role.STANDBY:
            return not holder.is_asleep
        return holder.cordoned or not (self._sleeps and holder.is_put_to_sleep)

    def _is_up(self, holder: Member) -> bool:
        return holder.is_started or (self._sleeps and holder.is_put_to_sleep)

    def _destroy(self, member: Member, reason: Reason) -> None:
        if is_ours(self._desired, member):
            self._steps.append(Destroy(member=member, reason=reason))
        else:
            self._unclaimed.append(member)

    def _reason(self, member: Member) -> Reason:
        if not member.is_reachable:
            return Reason.UNREACHABLE
        if member.marks.green:
            return Reason.STALE_GREEN
        return Reason.DUPLICATE if member.marks.slot in self._slots else Reason.SURPLUS

    def _of(self, kind: type[Any]) -> tuple[Any, ...]:
        return tuple(step for step in self._steps if isinstance(step, kind))


def autostops(config: Mapping[str, Any]) -> bool:
    """Tell whether Fly's proxy may stop the machines of a template, so that a stopped one is healthy."""
    return any(
        service.get("autostop") not in (None, False, "off") for service in config.get("services") or ()
    )


def _is_demoted(holder: Member, declared: Role) -> bool:
    return declared is Role.STANDBY and holder.marks.declared_role is Role.ACTIVE
