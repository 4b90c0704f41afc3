"""Alarms on the states of other alarms. Changing one is putting it again, whole."""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import to_pairs
from localcloud.provider_aws.types.cloudwatch.alarm_terms import (
    ACTIONS,
    GONE,
    common_arguments,
    common_problems,
    common_properties,
    delete_alarm,
    retag_alarm,
)

_SUPPRESSION = {
    "alarm": "ActionsSuppressor",
    "extensionPeriod": "ActionsSuppressorExtensionPeriod",
    "waitPeriod": "ActionsSuppressorWaitPeriod",
}
_LONGEST_RULE = 10240


def _create(cloud: Cloud, inputs: Properties) -> str:
    _put(cloud, inputs, {"Tags": to_pairs(inputs.get("tags"))})
    return str(inputs["alarmName"])


def _put(cloud: Cloud, inputs: Properties, extra: Properties) -> None:
    suppressor = inputs.get("actionsSuppressor") or {}
    cloud.client().put_composite_alarm(
        AlarmName=inputs["alarmName"],
        AlarmRule=inputs["alarmRule"],
        **{api: suppressor[name] for name, api in _SUPPRESSION.items() if name in suppressor},
        **common_arguments(inputs),
        **extra,
    )


def _read(cloud: Cloud, name: str) -> Properties | None:
    answer = cloud.client().describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])
    if not answer["CompositeAlarms"]:
        return None
    alarm = answer["CompositeAlarms"][0]
    return {
        "alarmName": alarm["AlarmName"],
        "alarmRule": alarm["AlarmRule"],
        **_suppressor(alarm),
        **common_properties(cloud, alarm),
    }


def _suppressor(alarm: Value) -> Properties:
    if not alarm.get("ActionsSuppressor"):
        return {}
    return {"actionsSuppressor": {name: alarm[api] for name, api in _SUPPRESSION.items() if api in alarm}}


def _update(cloud: Cloud, name: str, change: Change) -> None:
    if change.changed - {"tags"}:
        _put(cloud, change.new, {})
    retag_alarm(cloud, name, change)


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    yield from common_problems(inputs, "alarmName")
    rule = inputs["alarmRule"]
    if isinstance(rule, str) and not 1 <= len(rule) <= _LONGEST_RULE:
        yield PropertyFailure(path="alarmRule", reason=f"must be 1 to {_LONGEST_RULE} characters")
    if isinstance(rule, str) and rule != rule.strip():
        yield PropertyFailure(path="alarmRule", reason="must not begin or end with white space")


TYPE = ResourceType(
    type="aws:cloudwatch/compositeAlarm:CompositeAlarm",
    service="cloudwatch",
    create=_create,
    read=_read,
    update=_update,
    delete=delete_alarm,
    gone=GONE,
    force_new=("actionsEnabled", "alarmName"),
    defaults={"actionsEnabled": True},
    unordered=tuple(ACTIONS),
    check=_check,
)
