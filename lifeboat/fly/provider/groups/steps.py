"""What a plan consists of: one small value per kind of change to one machine.

Configurations are complete, in Fly's own form, because an update replaces the whole of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.slot import Slot


class Reason(StrEnum):
    """Why a machine is to go."""

    SURPLUS = "more machines than declared"
    DUPLICATE = "a second machine in one slot"
    REPLACED = "replaced by a newer one"
    STALE_GREEN = "left behind by an unfinished bluegreen rollout"
    UNREACHABLE = "its host is unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """Make the machine of a slot.

    Args:
        regions: where to try, the slot's home first.
        green: made beside its predecessor, cordoned until all of its kind are healthy.
    """

    slot: Slot
    role: Role
    name: str
    regions: tuple[str, ...]
    config: Mapping[str, Any]
    green: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Change metadata only, which restarts nothing; a None removes its key."""

    member: Member
    metadata: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """Start a machine that should serve, wait until it is healthy and let it have requests."""

    slot: Slot
    member: Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Give a machine a new configuration; `launch` is false for one that is to stay asleep."""

    slot: Slot
    role: Role
    member: Member
    config: Mapping[str, Any]
    launch: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Green:
    """A bluegreen pair: the blue machine and its green successor, which is there already or to be made."""

    slot: Slot
    blue: Member
    member: Member | None
    create: Create | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Make a standby of a machine that served: cordon, drain, stop, and only then write it down."""

    slot: Slot
    member: Member
    config: Mapping[str, Any] | None
    metadata: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroy:
    """Remove a machine; one on an unreachable host is only asked to go, and reported."""

    member: Member
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A slot nothing can be done about without a human."""

    slot: Slot
    reason: str
