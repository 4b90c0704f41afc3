"""What an alarm of moto watches: its condition, and the values of its periods from the stored metric data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from localcloud.aws.alarms.decision import EXTRA_PERIODS, Condition
from localcloud.aws.alarms.metric_math import evaluate_expression
from localcloud.aws.alarms.series import Datum, values_by_period
from localcloud.aws.moto_types import MotoObject

DataByMetric = Mapping[tuple[str, str], Sequence[MotoObject]]
"""Stored metric data by namespace and name."""


def condition_of(alarm: MotoObject) -> Condition:
    """Read when a metric alarm breaches."""
    periods = int(alarm.evaluation_periods)
    return Condition(
        comparison=alarm.comparison_operator,
        threshold=float(alarm.threshold or 0),
        evaluation_periods=periods,
        datapoints_to_alarm=int(alarm.datapoints_to_alarm or periods),
        treat_missing=alarm.treat_missing_data or "missing",
    )


def values_of(alarm: MotoObject, stored: DataByMetric, now: datetime) -> tuple[float | None, ...]:
    """Return the values an alarm decides on, newest first."""
    periods = int(alarm.evaluation_periods) + EXTRA_PERIODS
    if not alarm.metric_data_queries:
        return values_by_period(
            _matching(stored, alarm.namespace, alarm.metric_name, alarm.dimensions),
            statistic=alarm.statistic or alarm.extended_statistic,
            period_s=int(alarm.period),
            periods=periods,
            now=now,
        )
    columns: dict[str, tuple[float | None, ...]] = {}
    pending = {query.id: query for query in alarm.metric_data_queries}
    for query in alarm.metric_data_queries:
        if query.metric_stat is not None:
            columns[query.id] = _column(query.metric_stat, stored, periods, now)
    for query in pending.values():
        if query.expression:
            columns[query.id] = _computed(query.expression, columns, periods)
    return columns[result_query(alarm).id]


def result_query(alarm: MotoObject) -> MotoObject:
    """Return the query whose values decide: the one that returns data, else the last."""
    returning = [query for query in alarm.metric_data_queries if str(query.return_data).lower() == "true"]
    return (returning or alarm.metric_data_queries)[-1]


def _column(stat: MotoObject, stored: DataByMetric, periods: int, now: datetime) -> tuple[float | None, ...]:
    metric = stat.metric
    matching = _matching(stored, metric.namespace, metric.metric_name, metric.dimensions)
    period_s = int(stat.period)
    return values_by_period(matching, statistic=stat.stat, period_s=period_s, periods=periods, now=now)


def _computed(
    expression: str, columns: dict[str, tuple[float | None, ...]], periods: int
) -> tuple[float | None, ...]:
    rows = [{name: column[number] for name, column in columns.items()} for number in range(periods)]
    return tuple(evaluate_expression(expression, row) for row in rows)


def _matching(
    stored: DataByMetric, namespace: str, name: str, dimensions: Iterable[MotoObject]
) -> list[Datum]:
    wanted = {(dimension.name, dimension.value) for dimension in dimensions}
    return [
        _datum(one)
        for one in stored.get((namespace, name), ())
        if {(dimension.name, dimension.value) for dimension in one.dimensions} == wanted
    ]


def _datum(one: MotoObject) -> Datum:
    at = one.timestamp if one.timestamp.tzinfo else one.timestamp.replace(tzinfo=UTC)
    if hasattr(one, "value"):
        value = float(one.value)
        return Datum(at=at, total=value, lowest=value, highest=value, count=1, is_single=True)
    return Datum(
        at=at,
        total=float(one.sum),
        lowest=float(one.min),
        highest=float(one.max),
        count=float(one.sample_count),
        is_single=False,
    )
