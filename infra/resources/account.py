"""What watches the account: the audit trail of every call, and the budget of the environment."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from infra.desired.model import DesiredBudget, DesiredTrail
from infra.resources.bucket_seal import BucketSeal
from infra.resources.scope import Scope


class Account(pulumi.ComponentResource):
    """Trail and budget, where the environment asks for them."""

    def __init__(
        self,
        trail: DesiredTrail | None,
        budget: DesiredBudget | None,
        seals: Mapping[str, BucketSeal],
        scope: Scope,
    ) -> None:
        """Declare what watches.

        Args:
            trail: the trail, or None.
            budget: the budget, or None.
            seals: the last settings of every bucket, by the bucket's logical name.
            scope: the provider and the resolver.
        """
        super().__init__("lifeboat:infra:Account", "account", {}, scope.component())
        if trail is not None:
            self._trail(trail, seals[trail.bucket.name], scope)
        if budget is not None:
            self._budget(budget)
        self.register_outputs({})

    def _trail(self, desired: DesiredTrail, seal: BucketSeal, scope: Scope) -> None:
        watched = [
            # The slash makes it "every object of this bucket" and not "every bucket that begins so".
            pulumi.Output.concat(scope.resolver.text(reference), "/")
            for reference in desired.data_event_buckets
        ]
        objects = [{"type": "AWS::S3::Object", "values": watched}] if watched else []
        aws.cloudtrail.Trail(
            desired.name,
            region=desired.region,
            name=desired.physical_name,
            s3_bucket_name=desired.bucket_name,
            kms_key_id=scope.resolver.text(desired.key),
            is_multi_region_trail=desired.multi_region,
            enable_log_file_validation=desired.log_file_validation,
            include_global_service_events=desired.global_service_events,
            event_selectors=[
                {"include_management_events": True, "read_write_type": "All", "data_resources": objects}
            ],
            # CloudTrail tries to write to the bucket before it accepts a trail.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[seal]),
        )

    def _budget(self, desired: DesiredBudget) -> None:
        name, value = desired.cost_filter
        contacts = list(desired.contacts)
        aws.budgets.Budget(
            desired.name,
            name=desired.physical_name,
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(desired.monthly_usd),
            limit_unit="USD",
            cost_filters=[{"name": name, "values": [value]}],
            notifications=[
                _notification("ACTUAL", desired.warn_actual_percent, contacts),
                _notification("FORECASTED", desired.warn_forecast_percent, contacts),
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )


def _notification(kind: str, percent: int, contacts: list[str]) -> dict[str, object]:
    return {
        "notification_type": kind,
        "comparison_operator": "GREATER_THAN",
        "threshold": percent,
        "threshold_type": "PERCENTAGE",
        "subscriber_email_addresses": contacts,
    }
