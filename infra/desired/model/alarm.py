"""Alarms on metrics, composites of alarms, and the metrics somebody has to emit for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from infra.config.metric_kind import Emitter, MissingData
from infra.desired.reference import TopicRef


class Severity(StrEnum):
    """How bad it is; each severity has a topic in each region."""

    WARNING = "warning"
    CRITICAL = "critical"


class Comparison(StrEnum):
    """How the statistic is compared with the threshold, in CloudWatch's words."""

    GREATER = "GreaterThanThreshold"
    GREATER_OR_EQUAL = "GreaterThanOrEqualToThreshold"
    LESS = "LessThanThreshold"
    LESS_OR_EQUAL = "LessThanOrEqualToThreshold"


Dimension = tuple[str, str]
"""Name and value of a metric's dimension."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredMetric:
    """A series an emitter of ours puts into `region` at least every `interval_s`."""

    namespace: str
    metric_name: str
    dimensions: tuple[Dimension, ...]
    region: str
    unit: str
    emitter: Emitter
    interval_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredAlarm:
    """A metric alarm.

    Args:
        name: logical name.
        physical_name: the alarm's name in CloudWatch.
        statistic: `Average`, `Maximum`, `Minimum`, `Sum`, or a percentile (`p90`), which CloudWatch wants in
            `extended_statistic` instead.
        threshold: in the unit of the metric.
        evaluation_periods: N of `period_s` each; all of `datapoints_to_alarm` of them must breach.
        unit: CloudWatch unit to match, None for any.
        topic: told on alarm and on recovery; None when a composite of the same region speaks for it.
    """

    name: str
    physical_name: str
    region: str
    severity: Severity
    description: str
    namespace: str
    metric_name: str
    dimensions: tuple[Dimension, ...]
    statistic: str
    comparison: Comparison
    threshold: float
    unit: str | None
    period_s: int
    evaluation_periods: int
    datapoints_to_alarm: int
    missing_data: MissingData
    topic: TopicRef | None

    @property
    def is_percentile(self) -> bool:
        """True when the statistic is a percentile."""
        return self.statistic.startswith("p")


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredCompositeAlarm:
    """Fires when any of its children does, and notifies in their place.

    `children` are physical names of metric alarms of the same region.
    """

    name: str
    physical_name: str
    region: str
    severity: Severity
    description: str
    children: tuple[str, ...]
    topic: TopicRef

    @property
    def rule(self) -> str:
        """The rule in CloudWatch's expression language."""
        return " OR ".join(f'ALARM("{child}")' for child in self.children)
