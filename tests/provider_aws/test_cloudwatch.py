"""Metric alarms and composite alarms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lifeboat.providerkit.values import UNKNOWN
from tests.provider_aws.conftest import DEFAULT_TAGS, HOME, OTHER, CountingSessions, MakeResource
from tests.provider_aws.life import Life, live

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
TOPIC_ARN = f"arn:aws:sns:{HOME}:123456789012:critical"

Boto = Callable[..., Any]


def _inputs(name: str, **changes: Any) -> dict[str, Any]:
    plain = {
        "name": name,
        "namespace": "AWS/RDS",
        "metricName": "FreeStorageSpace",
        "dimensions": {"DBInstanceIdentifier": "orders"},
        "statistic": "Minimum",
        "comparisonOperator": "LessThanThreshold",
        "threshold": 1e10,
        "period": 60,
        "evaluationPeriods": 5,
    }
    return {key: value for key, value in {**plain, **changes}.items() if value is not None}


def test_an_alarm_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    def silence(name: str, _outputs: dict[str, Any]) -> None:
        boto("cloudwatch").disable_alarm_actions(AlarmNames=[name])

    outputs = live(
        resource(ALARM),
        Life(
            inputs=_inputs(
                "storage-is-low",
                alarmDescription="the disk fills up",
                datapointsToAlarm=3,
                treatMissingData="breaching",
                unit="Bytes",
                alarmActions=[TOPIC_ARN, f"{TOPIC_ARN}-2"],
                okActions=[],
                tags={"severity": "critical"},
            ),
            bad={
                "comparisonOperator": {"comparisonOperator": "Below"},
                "evaluationPeriods": {"evaluationPeriods": None},
                "datapointsToAlarm": {"datapointsToAlarm": 6},
                "extendedStatistic": {"extendedStatistic": "p90"},
                "statistic": {"statistic": "Median"},
                "treatMissingData": {"treatMissingData": "alarming"},
                "period": {"period": 61},
                "unit": {"unit": "Octets"},
                "metricName": {"metricName": None},
                "thresholdMetricId": {"thresholdMetricId": "ad1"},
                "alarmActions": {"alarmActions": [TOPIC_ARN] * 6},
                "okActions[0]": {"okActions": [7]},
                "evaluationInterval": {"evaluationInterval": 60},
                "treshold": {"treshold": 1},
                "threshold": {"threshold": "1"},
            },
            changes={
                "threshold": 2e10,
                "okActions": [TOPIC_ARN],
                "dimensions": {"DBInstanceIdentifier": "invoices"},
                "tags": {"severity": "warning"},
            },
            replacing={"name": {"name": "another-name"}, "region": {"region": OTHER}},
            by_hand=silence,
            drifted="actionsEnabled",
        ),
        sessions,
    )
    assert outputs["arn"] == f"arn:aws:cloudwatch:{HOME}:123456789012:alarm:storage-is-low"
    assert outputs["tagsAll"] == {**DEFAULT_TAGS, "severity": "warning"}


def test_an_alarm_on_a_percentile_lives(resource: MakeResource, sessions: CountingSessions) -> None:
    live(
        resource(ALARM),
        Life(
            inputs=_inputs("slow-reads", statistic=None, extendedStatistic="p90", threshold=0.02),
            bad={"extendedStatistic": {"extendedStatistic": "p101"}},
            changes={"extendedStatistic": "p99.9"},
        ),
        sessions,
    )


def test_an_alarm_on_an_expression_lives(resource: MakeResource, sessions: CountingSessions) -> None:
    def metric(name: str) -> dict[str, Any]:
        about = {"namespace": "Lifeboat", "metricName": name, "period": 60, "stat": "Sum"}
        return {**about, "dimensions": {"env": "local"}}

    queries: list[dict[str, Any]] = [
        {"id": "share", "expression": "errors / requests", "label": "share of errors", "returnData": True},
        {"id": "errors", "metric": metric("Errors")},
        {"id": "requests", "metric": metric("Requests"), "accountId": "123456789012"},
    ]
    live(
        resource(ALARM),
        Life(
            inputs={
                "name": "too-many-errors",
                "comparisonOperator": "GreaterThanThreshold",
                "evaluationPeriods": 5,
                "threshold": 0.01,
                "metricQueries": queries,
            },
            bad={
                "namespace": {"namespace": "Lifeboat"},
                "metricQueries[0].metric": {"metricQueries": [{**queries[0], "metric": metric("Errors")}]},
                "metricQueries[0]": {"metricQueries": [{"id": "nothing"}]},
                "metricQueries[0].metric.stat": {
                    "metricQueries": [{"id": "m", "metric": {"metricName": "m", "period": 60}}]
                },
            },
            changes={"metricQueries": [{**queries[0], "expression": "errors"}, *queries[1:]]},
            not_imported=frozenset({"metricQueries"}),
        ),
        sessions,
    )


def test_the_order_of_actions_and_queries_is_no_change(resource: MakeResource) -> None:
    alarm = resource(ALARM)
    actions = [TOPIC_ARN, f"{TOPIC_ARN}-2"]
    metric = {"namespace": "Lifeboat", "metricName": "Errors", "period": 60, "stat": "Sum"}
    queries = [
        {"id": "twice", "expression": "errors * 2", "returnData": True},
        {"id": "errors", "metric": metric},
    ]
    inputs = {
        "name": "ordered",
        "comparisonOperator": "GreaterThanThreshold",
        "evaluationPeriods": 1,
        "alarmActions": actions,
        "metricQueries": queries,
    }
    checked = alarm.check(inputs)
    name, outputs = alarm.create(checked)
    turned = alarm.check({**inputs, "alarmActions": actions[::-1], "metricQueries": queries[::-1]}, checked)
    assert not alarm.diff(name, checked, outputs, turned).diffs
    assert alarm.refresh(name, turned, outputs)[1] == turned


def test_a_changed_alarm_loses_what_is_left_out(resource: MakeResource, boto: Boto) -> None:
    alarm = resource(ALARM)
    full = alarm.check(_inputs("forgets", unit="Bytes", alarmDescription="x", alarmActions=[TOPIC_ARN]))
    name, outputs = alarm.create(full)
    bare = alarm.check(_inputs("forgets"), full)
    outputs = alarm.update(name, full, outputs, bare)
    assert (outputs["alarmActions"], outputs["alarmDescription"]) == ([], "")
    found = boto("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
    assert "Unit" not in found
    assert found["AlarmActions"] == []


def test_the_defaults_of_an_alarm_are_those_of_the_genuine_provider(resource: MakeResource) -> None:
    alarm = resource(ALARM)
    _, outputs = alarm.create(alarm.check(_inputs("plain", threshold=None)))
    assert (outputs["actionsEnabled"], outputs["treatMissingData"]) == (True, "missing")
    assert outputs["threshold"] == 0


def test_an_alarm_without_a_name_gets_one_and_keeps_it(resource: MakeResource) -> None:
    alarm = resource(ALARM, "storage")
    checked = alarm.check(_inputs("", threshold=1))
    assert checked["name"].startswith("storage-")
    assert alarm.check(_inputs("", threshold=2), checked)["name"] == checked["name"]


def test_a_composite_alarm_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    alarm = resource(ALARM)
    for name in ("part-one", "part-two", "maintenance"):
        alarm.create(alarm.check(_inputs(name)))

    def rewrite(name: str, _outputs: dict[str, Any]) -> None:
        boto("cloudwatch").put_composite_alarm(AlarmName=name, AlarmRule='ALARM("part-two")')

    outputs = live(
        resource(COMPOSITE),
        Life(
            inputs={
                "alarmName": "database-critical",
                "alarmRule": 'ALARM("part-one") OR ALARM("part-two")',
                "alarmDescription": "any of them",
                "alarmActions": [TOPIC_ARN],
                "actionsSuppressor": {"alarm": "maintenance", "extensionPeriod": 20, "waitPeriod": 10},
                "tags": {"severity": "critical"},
            },
            bad={
                "alarmName": {"alarmName": None},
                "alarmRule": {"alarmRule": ' ALARM("part-one")'},
                "okActions": {"okActions": [TOPIC_ARN] * 6},
                "actionsSuppressor.waitPeriod": {
                    "actionsSuppressor": {"alarm": "maintenance", "extensionPeriod": 20}
                },
                "alarmrule": {"alarmrule": "x"},
            },
            changes={
                "alarmRule": 'ALARM("part-one")',
                "okActions": [TOPIC_ARN],
                "actionsSuppressor": None,
                "tags": {"severity": "warning"},
            },
            replacing={
                "alarmName": {"alarmName": "other"},
                "actionsEnabled": {"actionsEnabled": False},
                "region": {"region": OTHER},
            },
            by_hand=rewrite,
            drifted="alarmRule",
        ),
        sessions,
    )
    assert outputs["arn"].endswith(":alarm:database-critical")
    assert "actionsSuppressor" not in outputs


def test_alarms_of_one_kind_are_not_taken_for_the_other(resource: MakeResource) -> None:
    alarm, composite = resource(ALARM), resource(COMPOSITE)
    alarm.create(alarm.check(_inputs("simple")))
    composite.create(composite.check({"alarmName": "compound", "alarmRule": 'ALARM("simple")'}))
    assert alarm.refresh("compound", {}, {})[0] == ""
    assert composite.refresh("simple", {}, {})[0] == ""


def test_alarms_on_unknown_values_can_be_previewed(
    resource: MakeResource, sessions: CountingSessions
) -> None:
    alarm = resource(ALARM)
    checked = alarm.check(
        _inputs("unknown", threshold=UNKNOWN, alarmActions=[UNKNOWN], dimensions=UNKNOWN, period=UNKNOWN)
    )
    before = sessions.asked
    _, outputs = alarm.create(checked, preview=True)
    assert (outputs["arn"], outputs["threshold"], sessions.asked) == (UNKNOWN, UNKNOWN, before)
