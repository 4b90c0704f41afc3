"""Regions and placements as the Machines API gives them; no answer says how much room a region has."""

from __future__ import annotations

from dataclasses import dataclass

from lifeboat.fly.client.models.sparse import Sparse
from lifeboat.fly.rules.regions import fly_region_problem


class Region(Sparse):
    """A region; a deprecated one still answers and takes no new machines."""

    code: str
    name: str = ""
    deprecated: bool = False
    gateway_available: bool = False
    requires_paid_plan: bool = False
    geo_region: str = ""
    latitude: float = 0.0
    longitude: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
    """The regions of the platform.

    Args:
        all: every region, deprecated ones included.
        nearest: the code of the one nearest to the caller; empty when unknown.
        is_live: whether Fly said so just now or within the last hour; false for the table built in.
    """

    all: tuple[Region, ...]
    nearest: str
    is_live: bool

    @property
    def codes(self) -> frozenset[str]:
        """Codes that accept machines."""
        return frozenset(region.code for region in self.all if not region.deprecated)

    def problem(self, code: str) -> str | None:
        """Say why a region cannot be used; None when it can."""
        if code in self.codes:
            return None
        if any(region.code == code for region in self.all):
            return f"fly region {code!r} is deprecated; it takes no new machines"
        return fly_region_problem(code) or f"fly does not offer its region {code!r} any more"


class Placement(Sparse):
    """How many of the asked machines a region would take; `concurrency` how many at a time."""

    region: str
    count: int = 0
    concurrency: int = 0
