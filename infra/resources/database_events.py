"""RDS's own news about a region's databases (failover, failure, low storage), sent to a topic."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from infra.desired.model import DesiredEventSubscription
from infra.resources.database import Database
from infra.resources.scope import Scope


class DatabaseEvents(pulumi.ComponentResource):
    """An event subscription."""

    def __init__(
        self, desired: DesiredEventSubscription, databases: Sequence[Database], scope: Scope
    ) -> None:
        super().__init__("lifeboat:infra:DatabaseEvents", desired.name, {}, scope.component())
        aws.rds.EventSubscription(
            desired.name,
            region=desired.region,
            name=desired.physical_name,
            sns_topic=scope.resolver.text(desired.topic),
            source_type="db-instance",
            source_ids=[database.identifier for database in databases],
            event_categories=list(desired.categories),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
