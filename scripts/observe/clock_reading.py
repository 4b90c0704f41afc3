"""How far another clock is from this machine's, with the doubt that the way there and back leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from lifeboat.core.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """One comparison.

    Args:
        whose: the other clock, for people.
        ahead_s: seconds by which it is ahead of this machine's; negative when it is behind.
        doubt_s: the true difference is at most this far from `ahead_s` (>= 0).
    """

    whose: str
    ahead_s: float
    doubt_s: float


def compare_clock(
    whose: str, ask: Callable[[], datetime], clock: Clock, *, grain_s: float = 0.0
) -> ClockReading:
    """Ask another clock and compare.

    Args:
        whose: the other clock, for people.
        ask: returns its moment, aware.
        clock: this machine's.
        grain_s: what the answer leaves away, such as parts of seconds.
    """
    before_at, began_s = clock.now(), clock.monotonic_s()
    told_at = ask()
    took_s = clock.monotonic_s() - began_s
    # Somewhere between asking and hearing the other clock was read; in the middle is the best guess.
    ahead_s = (told_at - before_at).total_seconds() + grain_s / 2 - took_s / 2
    return ClockReading(whose=whose, ahead_s=round(ahead_s, 3), doubt_s=round((grain_s + took_s) / 2, 3))
