"""The queries of an alarm on metric math: the SDK's form and CloudWatch's."""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import UNKNOWN, Properties, Value


def dimensions_argument(dimensions: dict[str, str] | None) -> list[dict[str, str]]:
    """Return dimensions as CloudWatch wants them."""
    return [{"Name": name, "Value": value} for name, value in sorted((dimensions or {}).items())]


def dimensions_property(dimensions: Value) -> dict[str, str]:
    """Return dimensions as the SDK has them."""
    return {one["Name"]: one["Value"] for one in dimensions or ()}


def query_argument(query: Properties) -> Properties:
    """Return one query as PutMetricAlarm wants it."""
    given: Properties = {
        "Id": query["id"],
        "AccountId": query.get("accountId"),
        "Expression": query.get("expression"),
        "Label": query.get("label"),
        "Period": query.get("period"),
        "ReturnData": query.get("returnData", False),
        "MetricStat": _stat_argument(query["metric"]) if query.get("metric") else None,
    }
    return {name: value for name, value in given.items() if value not in (None, "")}


def _stat_argument(metric: Properties) -> Properties:
    about: Properties = {"MetricName": metric["metricName"]}
    if metric.get("namespace"):
        about["Namespace"] = metric["namespace"]
    if metric.get("dimensions"):
        about["Dimensions"] = dimensions_argument(metric["dimensions"])
    unit = {"Unit": metric["unit"]} if metric.get("unit") else {}
    return {"Metric": about, "Period": metric["period"], "Stat": metric["stat"], **unit}


def query_property(query: Value) -> Properties:
    """Return one query as the SDK has it."""
    told: Properties = {
        "id": query["Id"],
        "expression": query.get("Expression"),
        "label": query.get("Label"),
        "period": query.get("Period"),
        "returnData": query.get("ReturnData", False),
        "metric": _stat_property(query["MetricStat"]) if query.get("MetricStat") else None,
    }
    return {name: value for name, value in told.items() if value not in (None, "")}


def _stat_property(stat: Value) -> Properties:
    told = {
        "metricName": stat["Metric"]["MetricName"],
        "namespace": stat["Metric"].get("Namespace"),
        "dimensions": dimensions_property(stat["Metric"].get("Dimensions")),
        "period": stat["Period"],
        "stat": stat["Stat"],
        "unit": stat.get("Unit"),
    }
    return {name: value for name, value in told.items() if value not in (None, "")}


def query_problems(queries: Value) -> Iterator[PropertyFailure]:
    """Find queries that are both or neither of an expression and a metric."""
    for at, query in enumerate(queries if isinstance(queries, list) else ()):
        if query is UNKNOWN:
            continue
        if query.get("expression") and query.get("metric"):
            yield PropertyFailure.at(("metricQueries", at, "metric"), "cannot stand beside expression")
        elif not query.get("expression") and not query.get("metric"):
            yield PropertyFailure.at(("metricQueries", at), "missing: give expression or metric")
