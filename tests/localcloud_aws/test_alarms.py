"""Alarms over HTTP: evaluation, actions, composites, and history."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.conftest import StartCloud


def _topic_with_queue(cloud: CloudProcess) -> tuple[str, str]:
    topic = cloud.client("sns").create_topic(Name="t")["TopicArn"]
    sqs = cloud.client("sqs")
    sqs.create_queue(QueueName="q")
    arn = "arn:aws:sqs:us-west-2:123456789012:q"
    cloud.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return topic, f"{cloud.url}/123456789012/q"


def _received(cloud: CloudProcess, queue: str) -> list[dict[str, Any]]:
    found = cloud.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(json.loads(message["Body"])["Message"]) for message in found]


def _put_alarm(cloud: CloudProcess, name: str, **settings: object) -> None:
    defaults: dict[str, object] = {
        "Namespace": "Lifeboat",
        "MetricName": "backup_age_s",
        "Statistic": "Maximum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 100.0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    cloud.client("cloudwatch").put_metric_alarm(AlarmName=name, **{**defaults, **settings})


def _put_data(cloud: CloudProcess, value: float) -> None:
    data = [{"MetricName": "backup_age_s", "Value": value}]
    cloud.client("cloudwatch").put_metric_data(Namespace="Lifeboat", MetricData=data)


def _state(cloud: CloudProcess, name: str, kind: str = "MetricAlarm") -> str:
    found = cloud.client("cloudwatch").describe_alarms(AlarmNames=[name], AlarmTypes=[kind])
    return str(found[f"{kind}s"][0]["StateValue"])


def test_a_new_alarm_has_insufficient_data_then_follows_the_data_and_notifies(cloud: CloudProcess) -> None:
    topic, queue = _topic_with_queue(cloud)
    _put_alarm(cloud, "age", AlarmActions=[topic], OKActions=[topic])
    assert _state(cloud, "age") == "INSUFFICIENT_DATA"
    _put_data(cloud, 500)
    assert _state(cloud, "age") == "ALARM"
    cloud.advance(600)
    _put_data(cloud, 5)
    assert _state(cloud, "age") == "OK"
    messages = _received(cloud, queue)
    assert [message["NewStateValue"] for message in messages] == ["ALARM", "OK"]
    assert messages[0]["Trigger"]["MetricName"] == "backup_age_s"


def test_a_dead_mans_alarm_fires_when_data_stops_and_time_passes(cloud: CloudProcess) -> None:
    _put_alarm(cloud, "silence", TreatMissingData="breaching")
    _put_data(cloud, 1)
    assert _state(cloud, "silence") == "OK"
    cloud.advance(600)
    assert _state(cloud, "silence") == "ALARM"


def test_n_of_m_needs_n(cloud: CloudProcess) -> None:
    _put_alarm(cloud, "often", EvaluationPeriods=3, DatapointsToAlarm=2, TreatMissingData="notBreaching")
    _put_data(cloud, 500)
    assert _state(cloud, "often") == "OK"
    cloud.advance(60)
    _put_data(cloud, 500)
    assert _state(cloud, "often") == "ALARM"


def test_a_ratio_of_two_metrics_is_watched(cloud: CloudProcess) -> None:
    watch = cloud.client("cloudwatch")

    def query(name: str) -> dict[str, object]:
        metric = {"Namespace": "App", "MetricName": name}
        return {
            "Id": name,
            "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"},
            "ReturnData": False,
        }

    ratio = {"Id": "ratio", "Expression": "100 * errors / requests", "ReturnData": True}
    watch.put_metric_alarm(
        AlarmName="ratio",
        Metrics=[query("errors"), query("requests"), ratio],
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanThreshold",
    )
    data = [{"MetricName": "errors", "Value": 3.0}, {"MetricName": "requests", "Value": 100.0}]
    watch.put_metric_data(Namespace="App", MetricData=data)
    assert _state(cloud, "ratio") == "ALARM"


def test_an_alarm_that_could_not_be_evaluated_is_refused(cloud: CloudProcess) -> None:
    with pytest.raises(ClientError, match="NotSupportedByLocalCloud"):
        cloud.client("cloudwatch").put_metric_alarm(
            AlarmName="band",
            Metrics=[{"Id": "e1", "Expression": "SEARCH('x', 'Sum')", "ReturnData": True}],
            EvaluationPeriods=1,
            ComparisonOperator="GreaterThanThreshold",
            Threshold=1.0,
        )
    with pytest.raises(ClientError, match="ValidationError"):
        cloud.client("cloudwatch").put_metric_alarm(
            AlarmName="nothing", EvaluationPeriods=1, ComparisonOperator="GreaterThanThreshold"
        )


def test_a_composite_follows_its_children_and_notifies_and_can_be_deleted(cloud: CloudProcess) -> None:
    topic, queue = _topic_with_queue(cloud)
    watch = cloud.client("cloudwatch")
    for name in ("one", "two"):
        _put_alarm(cloud, name, TreatMissingData="ignore")
    rule = "ALARM(one) AND ALARM(two)"
    watch.put_composite_alarm(AlarmName="both", AlarmRule=rule, AlarmActions=[topic])
    watch.set_alarm_state(AlarmName="one", StateValue="ALARM", StateReason="test")
    assert _state(cloud, "both", "CompositeAlarm") == "OK"
    watch.set_alarm_state(AlarmName="two", StateValue="ALARM", StateReason="test")
    assert _state(cloud, "both", "CompositeAlarm") == "ALARM"
    assert [message["AlarmName"] for message in _received(cloud, queue)] == ["both"]
    found = watch.describe_alarms(AlarmNames=["both"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert found[0]["AlarmRule"] == rule
    assert watch.describe_alarms(AlarmNames=["both"])["MetricAlarms"] == []
    watch.delete_alarms(AlarmNames=["both"])
    assert watch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"] == []
    with pytest.raises(ClientError, match="AlarmRule"):
        watch.put_composite_alarm(AlarmName="broken", AlarmRule="ALARM(one) AND")


def test_setting_a_state_runs_actions_and_history_tells_the_story(cloud: CloudProcess) -> None:
    topic, queue = _topic_with_queue(cloud)
    watch = cloud.client("cloudwatch")
    gone = topic.replace(":t", ":gone")
    _put_alarm(cloud, "age", AlarmActions=[topic, gone], TreatMissingData="ignore")
    watch.set_alarm_state(AlarmName="age", StateValue="ALARM", StateReason="drill")
    assert [message["NewStateReason"] for message in _received(cloud, queue)] == ["drill"]
    items = watch.describe_alarm_history(AlarmName="age", ScanBy="TimestampAscending")["AlarmHistoryItems"]
    kinds = [item["HistoryItemType"] for item in items]
    assert kinds == ["ConfigurationUpdate", "StateUpdate", "Action", "Action"]
    assert [item["HistorySummary"].split()[0] for item in items[2:]] == ["Successfully", "Failed"]


def test_a_changed_threshold_keeps_the_state(cloud: CloudProcess) -> None:
    _put_alarm(cloud, "age", TreatMissingData="ignore")
    cloud.client("cloudwatch").set_alarm_state(AlarmName="age", StateValue="ALARM", StateReason="test")
    _put_alarm(cloud, "age", TreatMissingData="ignore", Threshold=200.0)
    assert _state(cloud, "age") == "ALARM"


def test_states_and_history_survive_a_restart(start_cloud: StartCloud) -> None:
    first = start_cloud().wait_until_ready()
    _put_alarm(first, "age")
    _put_data(first, 500)
    first.end_lifeline()
    second = start_cloud().wait_until_ready()
    assert _state(second, "age") == "ALARM"
    items = second.client("cloudwatch").describe_alarm_history(AlarmName="age")["AlarmHistoryItems"]
    assert len(items) == 2
