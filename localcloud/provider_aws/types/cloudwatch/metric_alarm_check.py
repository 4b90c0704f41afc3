"""What the genuine provider and CloudWatch refuse in a metric alarm; values may still be unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeGuard

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import UNKNOWN, Properties, Value
from localcloud.provider_aws.types.cloudwatch.alarm_terms import common_problems
from localcloud.provider_aws.types.cloudwatch.metric_query import query_problems

_SCALES = ("", "Kilo", "Mega", "Giga", "Tera")
_SIZES = ("Count", *(f"{scale}Bytes" for scale in _SCALES), *(f"{scale}Bits" for scale in _SCALES))
_OTHER_UNITS = ("Seconds", "Microseconds", "Milliseconds", "Percent", "None")
_CHOICES = {
    "comparisonOperator": (
        "GreaterThanOrEqualToThreshold",
        "GreaterThanThreshold",
        "LessThanThreshold",
        "LessThanOrEqualToThreshold",
        "LessThanLowerOrGreaterThanUpperThreshold",
        "LessThanLowerThreshold",
        "GreaterThanUpperThreshold",
    ),
    "evaluateLowSampleCountPercentiles": ("evaluate", "ignore"),
    "statistic": ("SampleCount", "Average", "Sum", "Minimum", "Maximum"),
    "treatMissingData": ("missing", "ignore", "breaching", "notBreaching"),
    "unit": (*_SIZES, *(f"{size}/Second" for size in _SIZES), *_OTHER_UNITS),
}
_EXTENDED = re.compile(r"p(\d{1,2}(\.\d{1,10})?|100)")
_ONE_METRIC = ("dimensions", "extendedStatistic", "metricName", "namespace", "period", "statistic")
_UNSUPPORTED = ("evaluationCriteria", "evaluationInterval", "evaluationWindow", "warmUpConfiguration")
_SHORT_PERIODS_S = (10, 20, 30)
_MINUTE_S = 60


def metric_alarm_problems(inputs: Properties) -> Iterator[PropertyFailure]:
    """Find everything that is wrong with an alarm."""
    for name in _UNSUPPORTED:
        if inputs.get(name):
            yield PropertyFailure(path=name, reason="not supported by the local cloud")
    for name, choices in _CHOICES.items():
        if inputs.get(name) not in (None, UNKNOWN, *choices):
            yield PropertyFailure(path=name, reason=f"must be one of {', '.join(choices)}")
    yield from _subject_problems(inputs)
    yield from _evaluation_problems(inputs)
    yield from query_problems(inputs.get("metricQueries"))
    yield from common_problems(inputs, "name")


def _subject_problems(inputs: Properties) -> Iterator[PropertyFailure]:
    if inputs.get("metricQueries"):
        for name in _ONE_METRIC:
            if inputs.get(name):
                yield PropertyFailure(path=name, reason="cannot stand beside metricQueries")
        return
    if not inputs.get("metricName"):
        yield PropertyFailure(path="metricName", reason="missing: give metricName or metricQueries")
        return
    if not inputs.get("statistic") and not inputs.get("extendedStatistic"):
        yield PropertyFailure(path="statistic", reason="missing: give statistic or extendedStatistic")
    if inputs.get("statistic") and inputs.get("extendedStatistic"):
        yield PropertyFailure(path="extendedStatistic", reason="cannot stand beside statistic")
    extended = inputs.get("extendedStatistic")
    if isinstance(extended, str) and not _EXTENDED.fullmatch(extended):
        yield PropertyFailure(
            path="extendedStatistic", reason="must be a percentile, p0 to p100: the local cloud has no other"
        )


def _evaluation_problems(inputs: Properties) -> Iterator[PropertyFailure]:
    for name in ("comparisonOperator", "evaluationPeriods"):
        if inputs.get(name) is None:
            yield PropertyFailure(path=name, reason="missing, but required")
    if inputs.get("threshold") is not None and inputs.get("thresholdMetricId"):
        yield PropertyFailure(path="thresholdMetricId", reason="cannot stand beside threshold")
    periods, points = inputs.get("evaluationPeriods"), inputs.get("datapointsToAlarm")
    for name, count in (("evaluationPeriods", periods), ("datapointsToAlarm", points)):
        if _is_number(count) and count < 1:
            yield PropertyFailure(path=name, reason="must be 1 or more")
    if _is_number(periods) and _is_number(points) and points > periods:
        yield PropertyFailure(
            path="datapointsToAlarm", reason=f"must not exceed evaluationPeriods ({periods})"
        )
    period = inputs.get("period")
    if _is_number(period) and period not in _SHORT_PERIODS_S and (period < 1 or period % _MINUTE_S):
        yield PropertyFailure(path="period", reason="must be 10, 20, 30 or a multiple of 60 seconds")


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float)
