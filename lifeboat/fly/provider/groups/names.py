"""Free names for machines: deterministic, and never one that a living machine of the app bears."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count


class Names:
    """The taken names of an app's machines; a name handed out is taken from then on."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def take(self, base: str) -> str:
        """Return `base`, or `base-r1`, `base-r2`, ... when it is borne by a machine that is still there."""
        name = base if base not in self._taken else self._next(base)
        self._taken.add(name)
        return name

    def _next(self, base: str) -> str:
        return next(name for number in count(1) if (name := f"{base}-r{number}") not in self._taken)
