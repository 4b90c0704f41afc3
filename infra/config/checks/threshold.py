"""One threshold: in a unit of its metric, in a range that can be crossed, critical worse than warning."""

from __future__ import annotations

from collections.abc import Iterator

from infra.config.alarms import CustomThreshold, Direction, Threshold
from infra.config.metric_kind import MetricKind, Unit
from infra.config.metrics import APP_METRICS, custom_metric
from infra.config.problem import Problem, problem

_WHOLE_PERCENT = 100
# More sessions than processors is a load one may well want to allow.
_MOST_LOAD_PERCENT = 1000


def threshold_problems(path: str, threshold: Threshold, kind: MetricKind) -> Iterator[Problem]:
    """Yield what is wrong with the threshold of a metric."""
    if kind.factor(threshold.unit) is None:
        units = ", ".join(unit for unit, _ in kind.units)
        yield problem(f"{path}.unit", f"must be one of {units} for this metric")
    if threshold.for_minutes * 60 < kind.period_s:
        yield problem(
            f"{path}.for_minutes", f"must be at least {kind.period_s // 60}, the time between two values"
        )
    for name, value in (("warning", threshold.warning), ("critical", threshold.critical)):
        message = None if value is None else _range_problem(value, threshold.unit, kind)
        if message is not None:
            yield problem(f"{path}.{name}", message)
    yield from _order_problems(path, threshold, kind)


def _range_problem(value: float, unit: Unit, kind: MetricKind) -> str | None:
    most = _MOST_LOAD_PERCENT if kind.key == "load" else _WHOLE_PERCENT
    if value < 0:
        return "must not be negative"
    return f"must be at most {most} percent" if unit is Unit.PERCENT and value > most else None


def _order_problems(path: str, threshold: Threshold, kind: MetricKind) -> Iterator[Problem]:
    warning, critical = threshold.warning, threshold.critical
    if warning is None and critical is None:
        yield problem(path, "needs warning, critical or both")
    if warning is None or critical is None:
        return
    if (critical >= warning) if kind.below else (critical <= warning):
        order = "less" if kind.below else "greater"
        yield problem(f"{path}.critical", f"must be {order} than warning ({warning:g})")


def custom_problems(key: str, custom: CustomThreshold) -> Iterator[Problem]:
    """Yield what is wrong with the threshold of a product's own metric."""
    path = f"alarms.custom.{key}"
    if custom.statistic is None:
        yield problem(f"{path}.statistic", "is missing; only lifeboat's own metrics have a usual one")
    below = custom.when is Direction.BELOW
    kind = custom_metric(key, custom.unit, below=below, statistic=custom.statistic or "Average")
    yield from threshold_problems(path, custom, kind)
    taken = {known.metric_name: known.key for known in APP_METRICS}.get(kind.metric_name)
    if taken is not None or key in {known.key for known in APP_METRICS}:
        yield problem(path, f"is lifeboat's own metric; write it as alarms.app.{taken or key}")
