"""Regions that are cut off as a whole: told by the other side or declared here, held against what opens."""

from __future__ import annotations

from threading import Lock

from localcloud.postgres.cut import Cut
from localcloud.postgres.doors import Doors


class RegionCuts:
    """Which regions are cut off; a restart of the service forgets it, and is told again.

    Attributes:
        told: those that the other side cut off.
    """

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._lock = Lock()
        self._severed: dict[str, Cut] = {}
        self.told: frozenset[str] = frozenset()

    def declare(self, told: frozenset[str]) -> None:
        """Cut off these regions, and those severed here: nobody connects, and connections fall silent."""
        with self._lock:
            changed = self.told ^ told
            self.told = told
            for region in sorted(changed):
                self._settle(region)

    def sever(self, region: str, cut: Cut) -> None:
        """Cut a region off in a way of its own, until it is mended."""
        with self._lock:
            self._severed[region] = cut
            self._settle(region)

    def mend(self, region: str) -> None:
        """Take `sever` back; a region that the other side cut off stays so."""
        with self._lock:
            self._severed.pop(region, None)
            self._settle(region)

    def is_cut(self, region: str) -> bool:
        """Tell whether nothing reaches a region."""
        return region in self.told or region in self._severed

    def _settle(self, region: str) -> None:
        cut = self._severed.get(region, Cut() if region in self.told else None)
        if cut is None:
            self._doors.restore(region, None)
        else:
            self._doors.cut(region, None, cut)


def region_of(arn: str) -> str:
    """Return the region an ARN names."""
    return arn.split(":")[3]
