"""The order in which machines are tried for a request. Pure.

As documented: what is wished for first, then the closest region, within it machines below their soft limit
before the others, the least loaded first; none at its hard limit. Where Fly chooses at random among equals,
the one that was used longest ago is taken, so that runs repeat.
Source: docs `reference/load-balancing`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from localcloud.fly.proxy.wish import Wish
from localcloud.fly.regions import REGIONS

_EARTH_KM = 6371.0
_UNKNOWN_KM = 20_038.0
"""Half of Earth's circumference: as far as anything can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A machine that can take requests.

    Args:
        load: requests it is working on.
        last_chosen: when it last got one, as a number that grows; 0 for never.
    """

    machine_id: str
    region: str
    load: int
    soft_limit: int
    hard_limit: int | None
    last_chosen: int

    @property
    def is_full(self) -> bool:
        """Whether it takes no more."""
        return self.hard_limit is not None and self.load >= self.hard_limit


def ordered(candidates: Iterable[Candidate], wish: Wish, edge_region: str) -> list[Candidate]:
    """Return those that may get the request, best first."""

    def place(one: Candidate) -> tuple[bool, int, float, bool, int, int]:
        return (
            one.machine_id != wish.instance,
            wish.rank(one.region),
            distance_km(edge_region, one.region),
            one.load >= one.soft_limit,
            one.load,
            one.last_chosen,
        )

    allowed = (one for one in candidates if wish.allows(one.machine_id, one.region) and not one.is_full)
    return sorted(allowed, key=place)


def distance_km(here: str, there: str) -> float:
    """Return the great-circle distance of two regions; a region nobody knows is as far as can be."""
    if here == there:
        return 0.0
    if here not in REGIONS or there not in REGIONS:
        return _UNKNOWN_KM
    one, other = REGIONS[here], REGIONS[there]
    north, south = radians(one.latitude), radians(other.latitude)
    east = radians(other.longitude - one.longitude)
    chord = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(east / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(chord))
