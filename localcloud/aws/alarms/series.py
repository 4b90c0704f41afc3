"""From raw metric data to one value per period; pure.

A period is aligned to its own length in UTC, as CloudWatch aligns it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """One stored value, or a set of values known by its statistics only."""

    at: datetime
    total: float
    lowest: float
    highest: float
    count: float
    is_single: bool


def period_start(moment: datetime, period_s: int) -> datetime:
    """Return the start of the period that holds a moment."""
    return datetime.fromtimestamp(moment.timestamp() // period_s * period_s, UTC)


def values_by_period(
    data: Iterable[Datum], *, statistic: str, period_s: int, periods: int, now: datetime
) -> tuple[float | None, ...]:
    """Return the statistic of the last `periods` periods, newest first; None where there is no data.

    The period that is still running counts as soon as it has data; otherwise the last full one is the newest.
    """
    running = period_start(now, period_s)
    buckets: dict[datetime, list[Datum]] = {}
    for datum in data:
        buckets.setdefault(period_start(datum.at, period_s), []).append(datum)
    newest = running if running in buckets else running - timedelta(seconds=period_s)
    starts = [newest - timedelta(seconds=period_s * number) for number in range(periods)]
    return tuple(statistic_of(buckets.get(start, []), statistic) for start in starts)


def statistic_of(data: list[Datum], statistic: str) -> float | None:
    """Return a statistic of one period's data; None when there is none to compute it from."""
    if not data:
        return None
    total, count = sum(datum.total for datum in data), sum(datum.count for datum in data)
    known = {
        "Sum": total,
        "Average": total / count if count else None,
        "Minimum": min(datum.lowest for datum in data),
        "Maximum": max(datum.highest for datum in data),
        "SampleCount": count,
    }
    if statistic in known:
        return known[statistic]
    return _percentile(sorted(datum.total for datum in data if datum.is_single), statistic)


def _percentile(values: list[float], statistic: str) -> float | None:
    """Return the nearest-rank percentile named `p95` or `p99.9`."""
    if not values or not statistic.startswith("p"):
        return None
    rank = math.ceil(float(statistic[1:]) / 100 * len(values))
    return values[max(rank, 1) - 1]
