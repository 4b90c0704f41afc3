"""Where a request wants to go: what its headers ask for. Pure.

Source: docs `networking/dynamic-request-routing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from localcloud.fly.regions import REGIONS, expand

_OTHER_SPELLINGS = {"usa": "us"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A wish; the empty one is content with the nearest machine.

    Args:
        regions: sets of regions, the most wanted first.
        only_regions: whether other regions are out of the question.
        instance: id of the wanted machine.
        only_instance: whether other machines are out of the question.
        avoided: machines that must not get the request.
    """

    regions: tuple[frozenset[str], ...] = ()
    only_regions: bool = False
    instance: str = ""
    only_instance: bool = False
    avoided: frozenset[str] = frozenset()

    def allows(self, machine_id: str, region: str) -> bool:
        """Tell whether a machine may get the request at all."""
        if machine_id in self.avoided or (self.only_instance and machine_id != self.instance):
            return False
        return not self.only_regions or self.rank(region) < len(self.regions)

    def rank(self, region: str) -> int:
        """Return how far down the list of wanted regions one stands; behind its end when it is not on it."""
        places = (place for place, regions in enumerate(self.regions) if region in regions)
        return next(places, len(self.regions))


def wish_of(headers: Mapping[str, str]) -> Wish:
    """Read the routing headers of a request; names are lower-case. What is forced beats what is preferred."""
    forced_regions, forced_instance = headers.get("fly-force-region"), headers.get("fly-force-instance-id")
    return Wish(
        regions=regions_of(forced_regions or headers.get("fly-prefer-region", "")),
        only_regions=bool(forced_regions),
        instance=(forced_instance or headers.get("fly-prefer-instance-id", "")).strip(),
        only_instance=bool(forced_instance),
    )


def regions_of(expression: str) -> tuple[frozenset[str], ...]:
    """Return the sets of regions of `ord,us,any`; a code that is unknown names a region without machines."""
    return tuple(_regions(part) for part in expression.lower().replace(" ", "").split(",") if part)


def _regions(part: str) -> frozenset[str]:
    if part == "any":
        return frozenset(REGIONS)
    try:
        return frozenset(expand(_OTHER_SPELLINGS.get(part, part)))
    except KeyError:
        return frozenset({part})
