"""Regions that are cut off as a whole: told by the other side, held against all that opens later."""

from __future__ import annotations

from threading import Lock

from localcloud.postgres.cut import Cut
from localcloud.postgres.doors import Doors


class RegionCuts:
    """Which regions are cut off; a restart of the service forgets it, and is told again."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._lock = Lock()
        self.cut: frozenset[str] = frozenset()

    def declare(self, cut: frozenset[str]) -> None:
        """Cut off these regions and no others: nobody connects, and connections fall silent."""
        with self._lock:
            for region in sorted(cut - self.cut):
                self._doors.cut(region, None, Cut())
            for region in sorted(self.cut - cut):
                self._doors.restore(region, None)
            self.cut = cut

    def is_cut(self, region: str) -> bool:
        """Tell whether nothing reaches a region."""
        return region in self.cut


def region_of(arn: str) -> str:
    """Return the region an ARN names."""
    return arn.split(":")[3]
