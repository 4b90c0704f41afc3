"""Alarms on one metric or on an expression of several. Changing an alarm is putting it again, whole."""

from __future__ import annotations

from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import to_pairs
from localcloud.provider_aws.types.cloudwatch.alarm_terms import (
    ACTIONS,
    GONE,
    common_arguments,
    common_properties,
    delete_alarm,
    retag_alarm,
)
from localcloud.provider_aws.types.cloudwatch.metric_alarm_check import metric_alarm_problems
from localcloud.provider_aws.types.cloudwatch.metric_query import (
    dimensions_argument,
    dimensions_property,
    query_argument,
    query_property,
)

_SETTINGS = {
    "comparisonOperator": "ComparisonOperator",
    "datapointsToAlarm": "DatapointsToAlarm",
    "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
    "evaluationPeriods": "EvaluationPeriods",
    "extendedStatistic": "ExtendedStatistic",
    "metricName": "MetricName",
    "namespace": "Namespace",
    "period": "Period",
    "statistic": "Statistic",
    "thresholdMetricId": "ThresholdMetricId",
    "treatMissingData": "TreatMissingData",
    "unit": "Unit",
}
_MISSING = "missing"


def _create(cloud: Cloud, inputs: Properties) -> str:
    _put(cloud, inputs, {"Tags": to_pairs(inputs.get("tags"))})
    return str(inputs["name"])


def _put(cloud: Cloud, inputs: Properties, extra: Properties) -> None:
    arguments = {api: inputs[name] for name, api in _SETTINGS.items() if inputs.get(name)}
    if not inputs.get("thresholdMetricId"):
        arguments["Threshold"] = float(inputs.get("threshold") or 0.0)
    if inputs.get("dimensions"):
        arguments["Dimensions"] = dimensions_argument(inputs["dimensions"])
    if inputs.get("metricQueries"):
        arguments["Metrics"] = [query_argument(query) for query in inputs["metricQueries"]]
    cloud.client().put_metric_alarm(
        AlarmName=inputs["name"], **arguments, **common_arguments(inputs), **extra
    )


def _read(cloud: Cloud, name: str) -> Properties | None:
    answer = cloud.client().describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm"])
    if not answer["MetricAlarms"]:
        return None
    alarm = answer["MetricAlarms"][0]
    told = {key: alarm[api] for key, api in _SETTINGS.items() if alarm.get(api) not in (None, "")}
    if alarm.get("Threshold") is not None:
        told["threshold"] = alarm["Threshold"]
    return {
        "treatMissingData": _MISSING,
        **told,
        "dimensions": dimensions_property(alarm.get("Dimensions")),
        "metricQueries": [query_property(query) for query in alarm.get("Metrics") or ()],
        "name": alarm["AlarmName"],
        **common_properties(cloud, alarm),
    }


def _update(cloud: Cloud, name: str, change: Change) -> None:
    if change.changed - {"tags"}:
        _put(cloud, change.new, {})
    retag_alarm(cloud, name, change)


TYPE = ResourceType(
    type="aws:cloudwatch/metricAlarm:MetricAlarm",
    service="cloudwatch",
    create=_create,
    read=_read,
    update=_update,
    delete=delete_alarm,
    gone=GONE,
    name=Autoname(key="name", longest=255),
    force_new=("name",),
    defaults={"actionsEnabled": True, "treatMissingData": _MISSING, "metricQueries[*].returnData": False},
    sticky=("evaluateLowSampleCountPercentiles",),
    unordered=(*ACTIONS, "metricQueries"),
    write_only={"metricQueries[*].accountId": "the local cloud does not keep it"},
    check=metric_alarm_problems,
)
