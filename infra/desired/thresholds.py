"""From a threshold of the environment file to metric alarms, one per severity; pure arithmetic on values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from infra.config.alarms import Threshold
from infra.config.metric_kind import Capacity, MetricKind, Unit
from infra.desired.model import Comparison, DesiredAlarm, Dimension, Severity
from infra.desired.names import Names
from infra.desired.reference import TopicRef
from infra.desired.topics import topic_name

Capacities = dict[Capacity, float]
"""What percentages are parts of, in the unit of the series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A series somebody wants to be told about.

    Args:
        subject: first part of the alarms' names, `database` or `app`.
        logical_prefix: first part of their logical names, which are unique over all regions.
        capacities: needed when the threshold is a percentage of an amount.
    """

    kind: MetricKind
    threshold: Threshold
    region: str
    dimensions: tuple[Dimension, ...]
    subject: str
    logical_prefix: str
    capacities: Capacities


def alarms_of(watched: Watched, names: Names, silent: frozenset[str]) -> Iterator[DesiredAlarm]:
    """Yield the alarms of a series, warning first.

    Args:
        watched: the series and its threshold.
        names: of the environment.
        silent: keys of metrics whose critical alarms a composite speaks for.
    """
    threshold = watched.threshold
    for severity, value in ((Severity.WARNING, threshold.warning), (Severity.CRITICAL, threshold.critical)):
        if value is not None:
            spoken_for = severity is Severity.CRITICAL and watched.kind.key in silent
            yield _alarm(watched, names, severity, value, spoken_for=spoken_for)


def in_series_unit(value: float, unit: Unit, kind: MetricKind, capacities: Capacities) -> float:
    """Convert a threshold's number into the unit of its series.

    Raises:
        KeyError: a unit or a capacity the metric does not have; the configuration's checks exclude both.
    """
    factor = dict(kind.units)[unit]
    if unit is Unit.PERCENT and kind.percent_of is not None:
        factor *= capacities[kind.percent_of]
    return round(value * factor, 6)


def _alarm(
    watched: Watched, names: Names, severity: Severity, value: float, *, spoken_for: bool
) -> DesiredAlarm:
    kind, threshold = watched.kind, watched.threshold
    noun = f"{kind.key.replace('_', '-')}-{severity}"
    periods = max(1, -(-threshold.for_minutes * 60 // kind.period_s))
    side = "under" if kind.below else "over"
    return DesiredAlarm(
        name=f"{watched.logical_prefix}-{noun}",
        physical_name=names.regional(watched.region, f"{watched.subject}-{noun}"),
        region=watched.region,
        severity=severity,
        description=(
            f"{watched.subject} {kind.key.replace('_', ' ')} {side} {value:g} {threshold.unit} "
            f"for {threshold.for_minutes} min"
        ),
        namespace=kind.namespace,
        metric_name=kind.metric_name,
        dimensions=watched.dimensions,
        statistic=threshold.statistic or kind.statistic,
        comparison=Comparison.LESS if kind.below else Comparison.GREATER,
        threshold=in_series_unit(value, threshold.unit, kind, watched.capacities),
        unit=kind.cloudwatch_unit,
        period_s=kind.period_s,
        evaluation_periods=periods,
        datapoints_to_alarm=periods,
        missing_data=kind.missing_data,
        topic=None if spoken_for else TopicRef(topic_name(severity, watched.region)),
    )
