"""An alarm as the program declares it, put into the local CloudWatch."""

from __future__ import annotations

from infra.desired.model import DesiredAlarm
from tests.localcloud_aws.cloud_process import CloudProcess


def put(cloud: CloudProcess, alarm: DesiredAlarm, *topics: str) -> None:
    """Make the alarm, telling topics."""
    unit = {"Unit": alarm.unit} if alarm.unit else {}
    cloud.client("cloudwatch", alarm.region).put_metric_alarm(
        AlarmName=alarm.physical_name,
        Namespace=alarm.namespace,
        MetricName=alarm.metric_name,
        Dimensions=[{"Name": name, "Value": value} for name, value in alarm.dimensions],
        Statistic=alarm.statistic,
        ComparisonOperator=alarm.comparison.value,
        Threshold=alarm.threshold,
        Period=alarm.period_s,
        EvaluationPeriods=alarm.evaluation_periods,
        DatapointsToAlarm=alarm.datapoints_to_alarm,
        TreatMissingData=alarm.missing_data.value,
        AlarmActions=list(topics),
        **unit,
    )
