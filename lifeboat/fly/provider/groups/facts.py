"""What a group's outputs say about its machines. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from lifeboat.fly.provider.groups.claims import is_ours
from lifeboat.fly.provider.groups.desired import Desired
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.role import Role


def group_members(desired: Desired, members: Iterable[Member]) -> tuple[Member, ...]:
    """Return the living machines of the group in the order of their slots, then of their names."""
    ours = [member for member in members if not member.is_gone and is_ours(desired, member)]
    return tuple(sorted(ours, key=_order))


def machine_facts(desired: Desired, member: Member) -> dict[str, Any]:
    """Return one machine as the outputs list it."""
    slot, slots = member.marks.slot, desired.slots()
    declared = slots.get(slot, Role.ACTIVE) if slot else Role.ACTIVE
    return {
        "id": member.id,
        "name": member.name,
        "region": member.region,
        "slot": slot.text if slot else "",
        "role": member.marks.effective_role(declared).value,
        "instance_id": member.instance_id,
        "state": member.state,
        "host_status": member.host_status,
        "cordoned": member.cordoned,
        "image_digest": member.image_digest,
    }


def image_digest(members: Iterable[Member]) -> str | None:
    """Return the digest most machines run, the first by text of several; None without machines."""
    counts = Counter(member.image_digest for member in members if member.image_digest)
    return min(counts, key=lambda digest: (-counts[digest], digest), default=None)


def _order(member: Member) -> tuple[object, ...]:
    slot = member.marks.slot
    return (slot is None, slot.region if slot else "", slot.number if slot else 0, member.name)
