"""Where Fly runs and where it would place machines (`/v1/platform`).

Regions are needed to refuse a retired code, also while the API is down; so an answer is kept for an hour and
a built-in table stands in when there has been none.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lifeboat.fly.client.errors import FlyError
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.models.platform import Placement, Region, Regions
from lifeboat.fly.client.operation import Operation, Pace, Safety
from lifeboat.fly.rules.regions import FLY_REGIONS

REGIONS = Operation(
    name="platform.regions", method="GET", path="/v1/platform/regions", safety=Safety.READ, pace=Pace.NONE
)
PLACEMENTS = Operation(
    name="platform.placements", method="POST", path="/v1/platform/placements", safety=Safety.READ
)
"""A simulation: it changes nothing."""

_KEPT_S = 3600.0
_TABLE = Regions(all=tuple(Region(code=code) for code in sorted(FLY_REGIONS)), nearest="", is_live=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementWish:
    """What to place, in thought.

    Args:
        organization: the slug.
        regions: an expression such as `lhr,eu`; codes and aliases, in the order of preference.
        count: machines; 0 asks for the organisation's limit in each region.
        compute: the guest; a performance-1x by default.
        volume_name: the name of the volumes, which count for the spread over zones.
        volume_size_bytes: bytes of each.
        weights: `region` (50) for nearness and `spread` (1) over hosts, by name.
    """

    organization: str
    regions: str
    count: int = 0
    compute: Mapping[str, Any] | None = None
    volume_name: str | None = None
    volume_size_bytes: int | None = None
    weights: Mapping[str, int] | None = None

    def body(self) -> dict[str, Any]:
        """Return the request body."""
        wish: dict[str, Any] = {
            "org_slug": self.organization,
            "region": self.regions,
            "count": self.count,
            "compute": dict(self.compute) if self.compute else None,
            "volume_name": self.volume_name,
            "volume_size_bytes": self.volume_size_bytes,
            "weights": dict(self.weights) if self.weights else None,
        }
        return {key: value for key, value in wish.items() if value is not None}


class Platform:
    """The platform; its regions are kept, so one object serves a whole process."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._lock = threading.Lock()
        self._kept: Regions | None = None
        self._kept_at_s = 0.0

    def regions(self) -> Regions:
        """Return the regions: fresh, kept, or built in; a lack of an answer is never raised."""
        with self._lock:
            if self._kept is not None and self._http.clock.monotonic_s() - self._kept_at_s < _KEPT_S:
                return self._kept
            try:
                self._kept = self._read()
            except FlyError:
                return self._kept or _TABLE
            self._kept_at_s = self._http.clock.monotonic_s()
            return self._kept

    def placements(self, wish: PlacementWish) -> tuple[Placement, ...]:
        """Return where Fly would place machines now; no promise that it will in a minute.

        Raises:
            FlyError: it does not answer; there is no substitute for this one.
        """
        answer = self._http.call(PLACEMENTS, body=wish.body())
        return tuple(answer.read(Placement, one) for one in answer.items("regions"))

    def _read(self) -> Regions:
        answer = self._http.call(REGIONS)
        regions = tuple(answer.read(Region, one) for one in answer.items("regions"))
        if not regions:
            raise answer.surprise("names no region")
        return Regions(all=regions, nearest=str(answer.fields().get("nearest") or ""), is_live=True)
