"""Which observed machine stands in which declared slot: a pure decision, and the same for the same input.

A machine is ours when it carries our mark (or is known to the state), and adoptable when it carries nobody's
mark and bears a slot's deterministic name. Nobody else's machine is ever taken: a foreign one that bears a
name we need stops everything before anything is changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lifeboat.core.errors import ConfigError
from lifeboat.fly.provider.groups.desired import Desired
from lifeboat.fly.provider.groups.marks import Marks
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.slot import Slot

Matches = Callable[[Member], bool]
"""Whether a machine has the declared configuration already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The outcome.

    Args:
        holders: the reachable machine of each slot that has one.
        lost: the unreachable machine of each slot that has no reachable one.
        spare: ours, living, and in no slot, in a stable order; unreachable ones included.
    """

    holders: dict[Slot, Member]
    lost: dict[Slot, Member]
    spare: tuple[Member, ...]


def is_ours(desired: Desired, member: Member) -> bool:
    """Tell whether a machine belongs to the group by its mark or by the state."""
    marks = member.marks
    marked = marks.urn == desired.urn and marks.group in (desired.group, "")
    return marked or member.id in desired.known_ids


def claim(desired: Desired, members: Iterable[Member], matches: Matches) -> Claims:
    """Put machines into slots.

    Raises:
        ConfigError: a machine of another owner bears the name of one of our slots.
    """
    slots = desired.slots()
    by_name = {slot.machine_name(desired.group): slot for slot in slots}
    claimants: dict[Slot | None, list[Member]] = defaultdict(list)
    for member in _takeable(desired, members, by_name):
        wanted = _wanted(desired, member, by_name)
        claimants[wanted if wanted in slots else None].append(member)
    holders: dict[Slot, Member] = {}
    lost: dict[Slot, Member] = {}
    spare = claimants.pop(None, [])
    for slot, found in claimants.items():
        if slot is not None:
            best, *others = sorted(found, key=lambda member: _rank(member, matches, alone=len(found) == 1))
            (holders if best.is_reachable else lost)[slot] = best
            spare.extend(others)
    spare.sort(key=_age)
    # A lost machine's role goes to its successor: that slot is not filled with just any other.
    _fill({slot: role for slot, role in slots.items() if slot not in lost}, holders, spare)
    return Claims(holders=holders, lost=lost, spare=tuple(spare))


def _takeable(desired: Desired, members: Iterable[Member], by_name: dict[str, Slot]) -> Iterable[Member]:
    for member in members:
        if member.is_gone:
            continue
        if is_ours(desired, member):
            yield member
        elif member.name in by_name:
            _refuse_foreign(desired, member)
            yield member


def _refuse_foreign(desired: Desired, member: Member) -> None:
    marks: Marks = member.marks
    if not marks.urn and marks.group in ("", desired.group):
        return
    holder = marks.urn if marks.urn not in ("", desired.urn) else f"process group {marks.group!r}"
    raise ConfigError(
        f"machine {member.id} of app {desired.app} is called {member.name!r}, but belongs to {holder}",
        hint="rename this group, or move the machine to this resource by clearing its lifeboat_urn metadata",
    )


def _wanted(desired: Desired, member: Member, by_name: dict[str, Slot]) -> Slot | None:
    for region, volumes in desired.volumes.items():
        if member.volume and member.volume in volumes:
            return Slot(region=region, number=volumes.index(member.volume) + 1)
    return member.marks.slot or by_name.get(member.name)


def _rank(member: Member, matches: Matches, *, alone: bool) -> tuple[object, ...]:
    if alone:
        return ()
    return (
        not member.is_reachable,
        bool(member.marks.green),
        not matches(member),
        not member.is_healthy,
        member.cordoned,
        *_age(member),
    )


def _age(member: Member) -> tuple[object, ...]:
    return (member.created_at, member.id)


def _fill(slots: dict[Slot, Role], holders: dict[Slot, Member], spare: list[Member]) -> None:
    """Give empty slots a spare machine of their region, which saves a new one and a destroyed one."""
    for slot, role in slots.items():
        if slot in holders:
            continue
        found = next((member for member in spare if _fits(member, slot, role)), None)
        if found is not None:
            holders[slot] = found
            spare.remove(found)


def _fits(member: Member, slot: Slot, role: Role) -> bool:
    if member.region != slot.region or not member.is_reachable or member.volume or member.marks.green:
        return False
    return role is Role.ACTIVE or member.is_asleep
