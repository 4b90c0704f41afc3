"""Composite alarms and the alarm history, which stock moto lacks, and DescribeAlarms with its filters."""

from __future__ import annotations

from datetime import UTC, datetime

from localcloud.aws.alarms.history import HistoryEntry, entries_of
from localcloud.aws.alarms.rule import RuleError, parse_rule
from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_SUPPRESSION = (
    ("ActionsSuppressor", "actions_suppressor"),
    ("ActionsSuppressorWaitPeriod", "actions_suppressor_wait_period"),
    ("ActionsSuppressorExtensionPeriod", "actions_suppressor_extension_period"),
)


def _patch(responses: MotoObject, _world: World) -> None:
    response = responses.CloudWatchResponse
    put_metric_alarm = response.put_metric_alarm

    def put_composite(self: MotoObject) -> MotoObject:
        try:
            parse_rule(self._get_param("AlarmRule"))
        except RuleError as error:
            raise responses.ValidationError(f"AlarmRule: {error}") from error
        answer = put_metric_alarm(self)
        alarm = self.cloudwatch_backend.alarms[self._get_param("AlarmName")]
        for parameter, attribute in _SUPPRESSION:
            if self._get_param(parameter) is not None:
                setattr(alarm, attribute, self._get_param(parameter))
        return answer

    def describe(self: MotoObject) -> MotoObject:
        found = [alarm for alarm in self.cloudwatch_backend.alarms.values() if _is_wanted(self, alarm)]
        types = self._get_param("AlarmTypes") or ["MetricAlarm"]
        page, token = _page(found, self)
        metric = [alarm for alarm in page if alarm.rule is None and "MetricAlarm" in types]
        composite = [alarm for alarm in page if alarm.rule is not None and "CompositeAlarm" in types]
        return responses.ActionResult(
            {"MetricAlarms": metric, "CompositeAlarms": composite, "NextToken": token}
        )

    def history(self: MotoObject) -> MotoObject:
        found = [entry for entry in entries_of(self.cloudwatch_backend) if _is_asked_for(self, entry)]
        if self._get_param("ScanBy") != "TimestampAscending":
            found.reverse()
        page, token = _page(found, self)
        return responses.ActionResult({"AlarmHistoryItems": page, "NextToken": token})

    response.put_composite_alarm = put_composite
    response.describe_alarms = describe
    response.describe_alarm_history = history


def _is_wanted(response: MotoObject, alarm: MotoObject) -> bool:
    names, prefix = response._get_param("AlarmNames"), response._get_param("AlarmNamePrefix")
    action, state = response._get_param("ActionPrefix"), response._get_param("StateValue")
    types = response._get_param("AlarmTypes") or ["MetricAlarm"]
    kind = "MetricAlarm" if alarm.rule is None else "CompositeAlarm"
    return (
        kind in types
        and (not names or alarm.name in names)
        and (not prefix or alarm.name.startswith(prefix))
        and (not state or alarm.state_value == state)
        and (not action or any(arn.startswith(action) for arn in alarm.alarm_actions))
    )


def _is_asked_for(response: MotoObject, entry: HistoryEntry) -> bool:
    types = response._get_param("AlarmTypes") or ["MetricAlarm"]
    name, kind = response._get_param("AlarmName"), response._get_param("HistoryItemType")
    start, end = response._get_param("StartDate"), response._get_param("EndDate")
    return (
        entry.alarm_type in types
        and (not name or entry.alarm_name == name)
        and (not kind or entry.history_item_type == kind)
        and (not start or entry.timestamp >= _aware(start))
        and (not end or entry.timestamp <= _aware(end))
    )


def _page(found: list[MotoObject], response: MotoObject) -> tuple[list[MotoObject], str | None]:
    start, size = int(response._get_param("NextToken") or 0), int(response._get_param("MaxRecords") or 100)
    end = start + size
    return found[start:end], str(end) if end < len(found) else None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


REPAIR = Repair(
    name="cloudwatch_composites",
    service="cloudwatch",
    what="there were no composite alarms and no history; DescribeAlarms ignored most filters",
    operations=("PutCompositeAlarm", "DescribeAlarms", "DescribeAlarmHistory"),
    patches=(("moto.cloudwatch.responses", _patch),),
)
