"""The alarms of recovery as the program declares them, put into the local cloud's real alarm engine."""

from __future__ import annotations

from typing import Any

from infra.desired import build
from infra.desired.model import DesiredAlarm
from lifeboat.core.metrics import BACKUP_AGE, DR_NAMESPACE
from tests.localcloud_aws.cloud_process import CloudProcess
from tests.unit.infra.texts import config_of


def declared(metric: str = BACKUP_AGE.name) -> tuple[DesiredAlarm, ...]:
    """Return what `production` declares for a series of recovery, in both regions."""
    alarms = build(config_of("production")).alarms
    return tuple(each for each in alarms if (each.namespace, each.metric_name) == (DR_NAMESPACE, metric))


def states(cloud: CloudProcess) -> set[str]:
    """Return in which states the alarms are."""
    return {
        str(each["StateValue"])
        for region in {alarm.region for alarm in declared()}
        for each in cloud.client("cloudwatch", region).describe_alarms()["MetricAlarms"]
    }


def actions(cloud: CloudProcess, region: str) -> list[dict[str, Any]]:
    """Return the history of what an alarm of a region tried to tell."""
    watch = cloud.client("cloudwatch", region)
    return list(watch.describe_alarm_history(HistoryItemType="Action")["AlarmHistoryItems"])
