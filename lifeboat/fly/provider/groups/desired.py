"""What a program declares about a machine group, completed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.slot import Slot
from lifeboat.fly.provider.owner import Owner


class Strategy(StrEnum):
    """How a changed template reaches the machines."""

    ROLLING = "rolling"
    CANARY = "canary"
    BLUEGREEN = "bluegreen"
    IMMEDIATE = "immediate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """A group as declared.

    Args:
        urn: the resource, written on every machine.
        config: the template, in Fly's own form, without what is ours to add.
        regions: how many active machines have their home where.
        fallback_regions: where a machine may stand instead, in this order, when its home has no capacity.
        max_unavailable: how many machines may be away at once: a count, or a share below 1.
        volumes: volume ids by region, the n-th for slot n; empty without mounts.
        known_ids: machines this resource is known to hold, marked or not.
    """

    urn: str
    app: str
    group: str
    config: Mapping[str, Any]
    regions: Mapping[str, int]
    standby_regions: Mapping[str, int] = field(default_factory=dict)
    fallback_regions: tuple[str, ...] = ()
    strategy: Strategy = Strategy.ROLLING
    max_unavailable: float = 1
    owner: Owner = Owner.IAC
    secrets_version: int | None = None
    volumes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wait_timeout_s: float = 300.0
    incarnation: str = ""
    known_ids: frozenset[str] = frozenset()

    def slots(self) -> dict[Slot, Role]:
        """Return every declared place with its role, active ones first, in a stable order."""
        return {
            Slot(region=region, number=number): role
            for role, counts in ((Role.ACTIVE, self.regions), (Role.STANDBY, self.standby_regions))
            for region in sorted(counts)
            for number in range(1, counts[region] + 1)
        }

    def volume_of(self, slot: Slot) -> str:
        """Return the volume of a slot; empty when none is declared for it."""
        declared = self.volumes.get(slot.region, ())
        return declared[slot.number - 1] if slot.number <= len(declared) else ""

    @property
    def primary_region(self) -> str:
        """The region with most active machines, the first by code of several."""
        return min(self.regions, key=lambda code: (-self.regions[code], code), default="")
