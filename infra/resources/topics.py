"""A region's notification topics, one per severity, who may publish to them and who is told."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from infra.desired.model import DesiredRoute, DesiredTopic
from infra.desired.reference import TopicRef
from infra.resources.scope import Scope


class Topics(pulumi.ComponentResource):
    """The topics of one region, with the subscriptions the program may make.

    A route whose endpoint is a secret is not among them: the address carries a token.

    Attributes:
        arns: by severity (`critical`).
    """

    arns: dict[str, pulumi.Output[str]]

    def __init__(
        self, region: str, topics: Sequence[DesiredTopic], routes: Sequence[DesiredRoute], scope: Scope
    ) -> None:
        super().__init__("lifeboat:infra:Topics", f"topics-{region}", {}, scope.component())
        self._child = pulumi.ResourceOptions(parent=self)
        self.arns = {topic.severity.value: self._topic(topic, scope) for topic in topics}
        for route in routes:
            if route.by_program:
                self._subscription(route, scope)
        self.register_outputs({"arns": self.arns})

    def _topic(self, desired: DesiredTopic, scope: Scope) -> pulumi.Output[str]:
        topic = aws.sns.Topic(
            desired.name,
            region=desired.region,
            name=desired.physical_name,
            # CloudWatch alarms cannot publish to a topic under the AWS-managed key `alias/aws/sns`.
            kms_master_key_id=scope.resolver.text(desired.key),
            opts=self._child,
        )
        arn: pulumi.Output[str] = topic.arn
        scope.resolver.learn(TopicRef(desired.name), arn)
        aws.sns.TopicPolicy(
            desired.policy_name,
            region=desired.region,
            arn=arn,
            policy=scope.resolver.policy(desired.policy),
            opts=self._child,
        )
        return arn

    def _subscription(self, route: DesiredRoute, scope: Scope) -> None:
        aws.sns.TopicSubscription(
            route.name,
            region=route.region,
            topic=scope.resolver.text(route.topic),
            protocol=route.protocol.value,
            endpoint=route.endpoint,
            opts=self._child,
        )
