"""Which boundaries of a procedure are tried: an even spread, or all of them for a soak."""

from __future__ import annotations

import os
from dataclasses import dataclass

from tests.recovery.gate import Strike, When

ALL = "all"
MOMENTS = os.environ.get("LIFEBOAT_BOUNDARIES", "1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """One moment at which a process dies.

    Args:
        strike: where and on which side.
        name: the request there, as the run without a death had it.
    """

    strike: Strike
    name: str

    def __str__(self) -> str:
        """Return it as a person reads it."""
        return f"{self.strike.when} {self.strike.at} ({self.name})"


def boundaries_of(names: list[str], wanted: str = MOMENTS) -> list[Boundary]:
    """Return the moments to try of those there are: before and after every change.

    Args:
        names: every change of a run without a death, in order.
        wanted: how many, spread evenly, or `all`.
    """
    every = [
        Boundary(strike=Strike(at=at, when=when), name=name)
        for at, name in enumerate(names, 1)
        for when in When
    ]
    count = len(every) if wanted == ALL else min(int(wanted), len(every))
    middles = [int((number + 0.5) * len(every) / count) for number in range(count)]
    # Of each share the middle, and of every two shares one on either side of the work.
    return [every[middle // 2 * 2 + number % 2] for number, middle in enumerate(middles)]
