"""What is reported about the chance to come back, and which of it is over its limit; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lifeboat.core.metrics import (
    BACKUP_AGE,
    RECOVERABLE_AGE,
    RESTORE_DURATION,
    RESTORE_TEST_AGE,
    RecoveryMetric,
)
from lifeboat.core.units import format_duration
from scripts.backup.freshness import Freshness

_PROMISED = frozenset({BACKUP_AGE.name, RECOVERABLE_AGE.name})
"""What the promise about lost data speaks of; the others have no limit but an alarm's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """When a value is too high, and who says so."""

    seconds: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """One value of one series.

    Args:
        value_s: None when there is nothing to measure, which an alarm takes for bad.
        limit: None when nobody set one.
        subject: what the value is of.
    """

    metric: RecoveryMetric
    value_s: float | None
    limit: Limit | None
    subject: str

    @property
    def is_over(self) -> bool:
        """Tell whether somebody has to be told."""
        return self.limit is not None and (self.value_s is None or self.value_s > self.limit.seconds)

    def sentence(self) -> str:
        """Return it as one line."""
        value = "none" if self.value_s is None else format_duration(timedelta(seconds=self.value_s))
        if self.limit is None:
            return f"{self.metric.name} {value}; {self.subject}"
        most = format_duration(timedelta(seconds=self.limit.seconds))
        verdict = "over" if self.is_over else "within"
        return f"{self.metric.name} {value}, {verdict} {most} ({self.limit.source}); {self.subject}"


def limit_of(metric: RecoveryMetric, thresholds: Mapping[str, Limit], rpo: timedelta) -> Limit | None:
    """Return the alarm's threshold; without one the promise about lost data, where that speaks of it.

    Args:
        metric: of which series.
        thresholds: of alarms, by the name of the series.
        rpo: the promise.
    """
    promised = Limit(seconds=rpo.total_seconds(), source="the RPO") if metric.name in _PROMISED else None
    return thresholds.get(metric.name, promised)


def gauges(
    found: Sequence[Freshness],
    recoverable: tuple[datetime | None, str] | None,
    thresholds: Mapping[str, Limit],
    *,
    rpo: timedelta,
    now: datetime,
) -> tuple[Gauge, ...]:
    """Return the value of every series.

    Args:
        found: by database; the worst one speaks for all.
        recoverable: the newest moment the recovery region could restore, and of what; None when nothing is
            replicated there.
        thresholds: of alarms, by the name of the series.
        rpo: the promise about lost data.
        now: on the clock the moments are of.
    """

    def gauge(metric: RecoveryMetric, value: timedelta | None, subject: str) -> Gauge:
        seconds = None if value is None else max(0.0, value.total_seconds())
        return Gauge(metric=metric, value_s=seconds, limit=limit_of(metric, thresholds, rpo), subject=subject)

    oldest = _worst([(each.age(now), _backup_name(each)) for each in found])
    tested = _worst(
        [(None if each.tested is None else now - each.tested.at, each.database) for each in found]
    )
    took = [each.tested.taken_s for each in found if each.tested is not None]
    all_gauges = [gauge(BACKUP_AGE, *oldest), gauge(RESTORE_TEST_AGE, *tested)]
    if recoverable is not None:
        latest_at, subject = recoverable
        age = None if latest_at is None else now - latest_at
        all_gauges.append(gauge(RECOVERABLE_AGE, age, subject))
    if took:
        longest = timedelta(seconds=max(took))
        all_gauges.append(gauge(RESTORE_DURATION, longest, "last verification by restoring"))
    return tuple(all_gauges)


def _worst(values: Sequence[tuple[timedelta | None, str]]) -> tuple[timedelta | None, str]:
    """Return the one that is not there, else the highest."""
    if not values:
        return None, "no database is known"
    nothing = [each for each in values if each[0] is None]
    return nothing[0] if nothing else max(values, key=lambda each: each[0] or timedelta())


def _backup_name(each: Freshness) -> str:
    return f"{each.database}: {each.newest.id}" if each.newest else f"{each.database}: no backup that counts"
