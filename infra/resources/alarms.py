"""A region's alarms: each on one metric, and composites that speak for several."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from infra.desired.model import DesiredAlarm, DesiredCompositeAlarm
from infra.desired.reference import TopicRef
from infra.resources.scope import Scope


class Alarms(pulumi.ComponentResource):
    """The alarms of one region."""

    def __init__(
        self,
        region: str,
        alarms: Sequence[DesiredAlarm],
        composites: Sequence[DesiredCompositeAlarm],
        scope: Scope,
    ) -> None:
        super().__init__("lifeboat:infra:Alarms", f"alarms-{region}", {}, scope.component())
        self._scope = scope
        declared = {alarm.physical_name: self._alarm(alarm) for alarm in alarms}
        for composite in composites:
            self._composite(composite, [declared[child] for child in composite.children])
        self.register_outputs({})

    def _alarm(self, desired: DesiredAlarm) -> aws.cloudwatch.MetricAlarm:
        told = self._told(desired.topic)
        return aws.cloudwatch.MetricAlarm(
            desired.name,
            region=desired.region,
            name=desired.physical_name,
            alarm_description=desired.description,
            namespace=desired.namespace,
            metric_name=desired.metric_name,
            dimensions=dict(desired.dimensions),
            statistic=None if desired.is_percentile else desired.statistic,
            extended_statistic=desired.statistic if desired.is_percentile else None,
            comparison_operator=desired.comparison.value,
            threshold=desired.threshold,
            unit=desired.unit,
            period=desired.period_s,
            evaluation_periods=desired.evaluation_periods,
            datapoints_to_alarm=desired.datapoints_to_alarm,
            treat_missing_data=desired.missing_data.value,
            actions_enabled=True,
            alarm_actions=told,
            ok_actions=told,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _composite(
        self, desired: DesiredCompositeAlarm, children: Sequence[aws.cloudwatch.MetricAlarm]
    ) -> None:
        told = self._told(desired.topic)
        aws.cloudwatch.CompositeAlarm(
            desired.name,
            region=desired.region,
            alarm_name=desired.physical_name,
            alarm_description=desired.description,
            alarm_rule=desired.rule,
            actions_enabled=True,
            alarm_actions=told,
            ok_actions=told,
            # CloudWatch refuses a rule that names an alarm not there yet.
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(children)),
        )

    def _told(self, topic: TopicRef | None) -> list[pulumi.Input[str]]:
        return [] if topic is None else [self._scope.resolver.text(topic)]
