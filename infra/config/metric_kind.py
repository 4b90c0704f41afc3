"""What a metric is: its series, its units, what silence of it means, who emits it.

The tables of the metrics themselves are in `metrics`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """Units of thresholds in an environment file."""

    PERCENT = "percent"
    COUNT = "count"
    MS = "ms"
    SECONDS = "s"
    MINUTES = "min"
    HOURS = "h"
    DAYS = "d"
    MIB = "mib"
    GIB = "gib"


class Capacity(StrEnum):
    """What a percentage is a part of, when the series itself is not a percentage."""

    MEMORY = "memory"
    STORAGE = "storage"
    CONNECTIONS = "connections"
    VCPUS = "vcpus"


class Emitter(StrEnum):
    """Who puts a metric's data: a service of AWS by itself, or a part of Lifeboat."""

    AWS = "aws"
    APP_PROBE = "app-probe"
    BACKUP_JOB = "backup-job"
    RESTORE_DRILL = "restore-drill"


class MissingData(StrEnum):
    """What absent data means; `BREACHING` makes a dead-man switch."""

    MISSING = "missing"
    BREACHING = "breaching"
    NOT_BREACHING = "notBreaching"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricKind:
    """A metric and how it is watched.

    Args:
        key: its name in the environment file.
        below: true when low values are bad.
        statistic: CloudWatch statistic unless the threshold says otherwise.
        units: factor from a unit of the file to the unit of the series.
        percent_of: the amount a percentage refers to; None when the series is a percentage itself.
        cloudwatch_unit: the unit the series carries; None for AWS's own, which are matched by name only.
        period_s: length of one datapoint; 60, or longer for what changes slowly.
    """

    key: str
    namespace: str
    metric_name: str
    below: bool = False
    statistic: str = "Average"
    units: tuple[tuple[Unit, float], ...] = ((Unit.PERCENT, 1.0),)
    percent_of: Capacity | None = None
    cloudwatch_unit: str | None = None
    missing_data: MissingData = MissingData.MISSING
    period_s: int = 60
    emitter: Emitter = Emitter.AWS

    def factor(self, unit: Unit) -> float | None:
        """Return the factor of a unit, None when thresholds of this metric cannot be written in it."""
        return dict(self.units).get(unit)
