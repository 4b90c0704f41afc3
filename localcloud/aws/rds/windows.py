"""Maintenance and backup windows: read, checked, and found again in time; all in UTC.

RDS user guide, "The maintenance window" and "Backup window": `ddd:hh24:mi-ddd:hh24:mi` of 30 minutes to a
day, and `hh24:mi-hh24:mi` of 30 minutes at least; the two never overlap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = r"([01]\d|2[0-3]):([0-5]\d)"
_DAY = f"({'|'.join(_DAYS)})"
_DAILY = re.compile(f"{_TIME}-{_TIME}")
_WEEKLY = re.compile(f"{_DAY}:{_TIME}-{_DAY}:{_TIME}")
_DAY_MIN = 24 * 60
_WEEK_MIN = 7 * _DAY_MIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time that comes back.

    Args:
        start_min: minutes since the beginning of the period (Monday, midnight).
        length_min: minutes that it lasts.
        period_min: a day or a week.
    """

    start_min: int
    length_min: int
    period_min: int

    def next_start(self, after: datetime) -> datetime:
        """Return the first beginning later than a moment."""
        midnight = after.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        if self.period_min == _WEEK_MIN:
            midnight -= timedelta(days=midnight.weekday())
        start = midnight + timedelta(minutes=self.start_min)
        return start if start > after else start + timedelta(minutes=self.period_min)

    def overlaps(self, other: Window) -> bool:
        """Tell whether two windows ever share a minute."""
        return any(
            (theirs - ours) % _WEEK_MIN < self.length_min or (ours - theirs) % _WEEK_MIN < other.length_min
            for ours in self._starts()
            for theirs in other._starts()
        )

    def _starts(self) -> range:
        return range(self.start_min, _WEEK_MIN, self.period_min)


def daily_window(text: str) -> Window | None:
    """Read a backup window; None when it is none."""
    found = _DAILY.fullmatch(text)
    if found is None:
        return None
    start, end = (int(found[i]) * 60 + int(found[i + 1]) for i in (1, 3))
    return Window(start_min=start, length_min=(end - start) % _DAY_MIN, period_min=_DAY_MIN)


def weekly_window(text: str) -> Window | None:
    """Read a maintenance window, in letters of any case; None when it is none."""
    found = _WEEKLY.fullmatch(text.lower())
    if found is None:
        return None
    start, end = (
        _DAYS.index(found[i]) * _DAY_MIN + int(found[i + 1]) * 60 + int(found[i + 2]) for i in (1, 4)
    )
    return Window(start_min=start, length_min=(end - start) % _WEEK_MIN, period_min=_WEEK_MIN)
