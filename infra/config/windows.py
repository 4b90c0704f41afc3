"""RDS's daily and weekly windows, in UTC, as minutes, so that they can be compared.

Source: RDS user guide, "Backup window" and "Amazon RDS maintenance window": both last at least 30 minutes and
must not overlap.
"""

from __future__ import annotations

import re

_MINUTES_A_DAY = 24 * 60
_MINUTES_A_WEEK = 7 * _MINUTES_A_DAY
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = r"([01]\d|2[0-3]):([0-5]\d)"
_DAILY = re.compile(rf"{_TIME}-{_TIME}")
_WEEKLY = re.compile(rf"({'|'.join(_DAYS)}):{_TIME}-({'|'.join(_DAYS)}):{_TIME}")
_SHORTEST_MINUTES = 30

Window = tuple[int, int]
"""Start within the day or week, and length, in minutes."""


def parse_daily_window(text: str) -> Window:
    """Read `02:00-03:00`; it may pass midnight.

    Raises:
        ValueError: not of that shape, or shorter than 30 minutes.
    """
    found = _DAILY.fullmatch(text)
    if found is None:
        msg = "must look like 02:00-03:00 (UTC)"
        raise ValueError(msg)
    start, end = (int(hour) * 60 + int(minute) for hour, minute in (found.group(1, 2), found.group(3, 4)))
    return _window(start, end, _MINUTES_A_DAY)


def parse_weekly_window(text: str) -> Window:
    """Read `sun:04:00-sun:05:00`; it may pass the end of the week.

    Raises:
        ValueError: not of that shape, or shorter than 30 minutes.
    """
    found = _WEEKLY.fullmatch(text)
    if found is None:
        msg = "must look like sun:04:00-sun:05:00 (UTC)"
        raise ValueError(msg)
    start, end = (
        _DAYS.index(day) * _MINUTES_A_DAY + int(hour) * 60 + int(minute)
        for day, hour, minute in (found.group(1, 2, 3), found.group(4, 5, 6))
    )
    return _window(start, end, _MINUTES_A_WEEK)


def overlap(daily: Window, weekly: Window) -> bool:
    """Tell whether a daily window touches a weekly one on any day."""
    daily_start, daily_length = daily
    weekly_start, weekly_length = weekly
    for day in range(7):
        start = day * _MINUTES_A_DAY + daily_start
        ahead = (weekly_start - start) % _MINUTES_A_WEEK
        behind = (start - weekly_start) % _MINUTES_A_WEEK
        if ahead < daily_length or behind < weekly_length:
            return True
    return False


def _window(start: int, end: int, cycle: int) -> Window:
    length = (end - start) % cycle
    if length < _SHORTEST_MINUTES:
        msg = f"must last at least {_SHORTEST_MINUTES} minutes"
        raise ValueError(msg)
    return start, length
