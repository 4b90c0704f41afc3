"""Cron schedules in UTC: whether one is valid, and the longest time between two of its runs.

The gap is what an objective is compared with: a daily backup cannot keep a promise of one hour. Knows no
clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

_FIELDS = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of month", 1, 31),
    ("month", 1, 12),
    ("day of week", 0, 7),
)
_MINUTES_A_DAY = 24 * 60
# Two years hold every combination of weekday and month, a leap day included.
_FIRST_DAY, _DAYS = date(2023, 1, 1), 731


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The five fields of a cron expression as the sets of values they stand for (Sunday is 0)."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool
    """True when both day fields are restricted: cron then runs when either matches."""

    def runs_on(self, day: date) -> bool:
        """Tell whether there is a run on a day."""
        by_date = day.day in self.days
        by_weekday = day.isoweekday() % 7 in self.weekdays
        matches = (by_date or by_weekday) if self.either_day else (by_date and by_weekday)
        return day.month in self.months and matches


def parse_schedule(text: str) -> Schedule:
    """Read a five-field cron expression with `*`, lists, ranges and steps.

    Raises:
        ValueError: it is not one; the message says which field.
    """
    parts = text.split()
    if len(parts) != len(_FIELDS):
        msg = "must have five fields: minute, hour, day of month, month, day of week"
        raise ValueError(msg)
    values = [_parse_field(part, *field) for part, field in zip(parts, _FIELDS, strict=True)]
    schedule = Schedule(
        minutes=values[0],
        hours=values[1],
        days=values[2],
        months=values[3],
        weekdays=frozenset(value % 7 for value in values[4]),
        either_day=parts[2] != "*" and parts[4] != "*",
    )
    if not any(schedule.runs_on(day) for day in _calendar()):
        msg = "never runs"
        raise ValueError(msg)
    return schedule


def longest_gap_minutes(schedule: Schedule) -> int:
    """Return the longest time between two runs, in minutes."""
    of_day = sorted(hour * 60 + minute for hour in schedule.hours for minute in schedule.minutes)
    days = [number for number, day in enumerate(_calendar()) if schedule.runs_on(day)]
    within = max((later - earlier for earlier, later in pairwise(of_day)), default=0)
    apart = max((later - earlier for earlier, later in pairwise(days)), default=_DAYS)
    return max(within, apart * _MINUTES_A_DAY - of_day[-1] + of_day[0])


def _calendar() -> list[date]:
    return [_FIRST_DAY + timedelta(days=number) for number in range(_DAYS)]


def _parse_field(text: str, name: str, lowest: int, highest: int) -> frozenset[int]:
    values: set[int] = set()
    for item in text.split(","):
        span, _, step_text = item.partition("/")
        first, last = _parse_span(span, name, lowest, highest)
        step = _number(step_text, name) if step_text else 1
        if step < 1 or first < lowest or last > highest or first > last:
            msg = f"{name} must lie within {lowest}-{highest}"
            raise ValueError(msg)
        values.update(range(first, last + 1, step))
    return frozenset(values)


def _parse_span(span: str, name: str, lowest: int, highest: int) -> tuple[int, int]:
    if span == "*":
        return lowest, highest
    first, dash, last = span.partition("-")
    return _number(first, name), _number(last, name) if dash else _number(first, name)


def _number(text: str, name: str) -> int:
    if not text.isdecimal():
        msg = f"{name} is not a number, list, range or step"
        raise ValueError(msg)
    return int(text)
