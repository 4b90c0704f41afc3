"""What the provider itself keeps of a database: windows of automated backups and snapshots, region by region.

Pure: from what was seen to what can be relied on. The primary is found by its name, its backups by the id
that survives a rename.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lifeboat.core.contract import Contract
from lifeboat.core.units import format_duration
from scripts.observe.databases import SeenBackups, SeenRegion, SeenSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionPoints:
    """What one region could restore.

    Args:
        region: its name.
        is_replicated: whether it holds copies of the other region's.
        window: automated backups; None when there are none.
        snapshots: newest first.
        unreachable: why nothing of it is known; empty when it answered.
    """

    region: str
    is_replicated: bool
    window: SeenBackups | None
    snapshots: tuple[SeenSnapshot, ...]
    unreachable: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderView:
    """What both regions could restore; the primary first."""

    points: tuple[RegionPoints, ...]

    def recoverable(self, *, is_expected: bool) -> tuple[datetime | None, str] | None:
        """Return the newest moment the recovery region could restore.

        Args:
            is_expected: automated backups are replicated by declaration: none there is bad news, not none
                of our business.
        """
        for each in self.points:
            if each.is_replicated and (each.window is not None or is_expected):
                subject = f"replicated automated backups in {each.region}"
                return (each.window.latest_at if each.window else None), subject
        return None

    def lines(self, now: datetime) -> list[str]:
        """Return it as people read it."""
        return [line for each in self.points for line in _lines(each, now)]

    def data(self) -> list[dict[str, Any]]:
        """Return it as JSON."""
        return [
            {
                "region": each.region,
                "unreachable": each.unreachable,
                "replicated": each.is_replicated,
                "earliest_at": _text(each.window.earliest_at) if each.window else None,
                "latest_at": _text(each.window.latest_at) if each.window else None,
                "snapshots": [
                    {
                        "name": one.name,
                        "taken_at": one.taken_at.isoformat(),
                        "automatic": one.is_automatic,
                    }
                    for one in each.snapshots
                ],
            }
            for each in self.points
        ]


def provider_view(contract: Contract, world: Mapping[str, SeenRegion]) -> ProviderView:
    """Return what the provider keeps of the primary.

    Args:
        contract: the environment.
        world: both regions as they were seen.
    """
    primary = contract.topology.primary_region
    declared = contract.databases.get(primary)
    if declared is None:
        return ProviderView(points=())
    instance = world[primary].named(declared.identifier)
    resource_id = instance.resource_id if instance else declared.resource_id
    regions = sorted(world, key=lambda region: region != primary)
    return ProviderView(
        points=tuple(
            _points(world[region], declared.identifier, resource_id, is_away=region != primary)
            for region in regions
        )
    )


def _points(seen: SeenRegion, identifier: str, resource_id: str, *, is_away: bool) -> RegionPoints:
    chains = (one for one in seen.backups if one.resource_id == resource_id and one.latest_at is not None)
    # By name as well: those taken before a restore are of the instance that had the name then.
    ours = [one for one in seen.snapshots if identifier == one.instance or one.resource_id == resource_id]
    return RegionPoints(
        region=seen.region,
        is_replicated=is_away,
        window=next(chains, None),
        snapshots=tuple(sorted(ours, key=lambda one: one.taken_at, reverse=True)),
        unreachable=seen.unreachable,
    )


def _lines(each: RegionPoints, now: datetime) -> list[str]:
    if each.unreachable:
        return [f"{each.region}: nothing is known of it: {each.unreachable}"]
    kind = "replicated window" if each.is_replicated else "automated window"
    window = each.window
    span = "none" if window is None else f"{_short(window.earliest_at)} .. {_short(window.latest_at)}"
    lines = [f"{each.region}: {kind} {span}"]
    for one in each.snapshots:
        how = "automatic" if one.is_automatic else "manual"
        lines.append(f"{each.region}: {how} snapshot {one.name}  age {format_duration(now - one.taken_at)}")
    return lines


def _short(moment: datetime | None) -> str:
    return "?" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}Z"


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
