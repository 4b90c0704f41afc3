"""What watches the account: budgets and trails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.provider_aws.conftest import HOME, CountingSessions, MakeResource
from tests.provider_aws.life import Life, live

ACCOUNT = "123456789012"


def _notification(threshold: float, address: str = "a@example.org") -> dict[str, Any]:
    return {
        "notificationType": "ACTUAL",
        "comparisonOperator": "GREATER_THAN",
        "threshold": threshold,
        "thresholdType": "PERCENTAGE",
        "subscriberEmailAddresses": [address],
    }


def test_a_budget_lives(resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any]) -> None:
    by_hand = {
        "BudgetName": "a-budget",
        "BudgetLimit": {"Amount": "7", "Unit": "USD"},
        "TimeUnit": "MONTHLY",
        "BudgetType": "COST",
    }
    live(
        resource("aws:budgets/budget:Budget"),
        Life(
            inputs={
                "name": "a-budget",
                "budgetType": "COST",
                "timeUnit": "MONTHLY",
                "limitAmount": "100",
                "limitUnit": "USD",
                "costFilters": [{"name": "TagKeyValue", "values": ["user:environment$local"]}],
                "notifications": [_notification(80), _notification(100)],
            },
            bad={
                "timeUnit": {"timeUnit": None},
                "limitAmount": {"limitAmount": 100},
                "notifications[0].threshold": {"notifications": [{**_notification(1), "threshold": "1"}]},
            },
            changes={
                "limitAmount": "200",
                "notifications": [_notification(100), _notification(90, "b@example.org")],
                "tags": {"a": "b"},
            },
            replacing={"name": {"name": "other"}},
            by_hand=lambda _id, _: boto("budgets").update_budget(AccountId=ACCOUNT, NewBudget=by_hand),
            drifted="limitAmount",
        ),
        sessions,
    )


@pytest.fixture
def bucket(boto: Callable[..., Any]) -> str:
    """Where a trail writes."""
    configuration = {"LocationConstraint": HOME}
    boto("s3").create_bucket(Bucket="a-trails-bucket", CreateBucketConfiguration=configuration)
    return "a-trails-bucket"


def test_a_trail_lives(
    resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any], bucket: str
) -> None:
    objects = [{"type": "AWS::S3::Object", "values": [f"arn:aws:s3:::{bucket}/"]}]
    selector = {"includeManagementEvents": True, "readWriteType": "All", "dataResources": objects}
    live(
        resource("aws:cloudtrail/trail:Trail"),
        Life(
            inputs={
                "name": "a-trail",
                "s3BucketName": bucket,
                "isMultiRegionTrail": True,
                "eventSelectors": [selector],
            },
            bad={
                "s3BucketName": {"s3BucketName": None},
                "eventSelectors[0].dataResources[0].values": {
                    "eventSelectors": [{"dataResources": [{"type": "x"}]}]
                },
            },
            changes={
                "enableLogFileValidation": True,
                "enableLogging": False,
                "eventSelectors": [{**selector, "readWriteType": "WriteOnly"}],
                "tags": {"a": "b"},
            },
            replacing={"name": {"name": "other"}},
            by_hand=lambda arn, _: boto("cloudtrail").start_logging(Name=arn),
            drifted="enableLogging",
        ),
        sessions,
    )
