"""RDS event subscriptions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.provider_aws.conftest import DEFAULT_TAGS, OTHER, CountingSessions, MakeResource
from tests.provider_aws.life import Life, live

SUBSCRIPTION = "aws:rds/eventSubscription:EventSubscription"


def test_a_subscription_lives(
    resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any]
) -> None:
    first, second = (boto("sns").create_topic(Name=name)["TopicArn"] for name in ("events-1", "events-2"))

    def switch_off(name: str, _outputs: dict[str, Any]) -> None:
        boto("rds").modify_event_subscription(SubscriptionName=name, Enabled=False)

    outputs = live(
        resource(SUBSCRIPTION),
        Life(
            inputs={
                "name": "database-news",
                "snsTopic": first,
                "sourceType": "db-instance",
                "sourceIds": ["a", "b"],
                "eventCategories": ["failover", "failure"],
            },
            bad={
                "snsTopic": {"snsTopic": "events-1"},
                "sourceType": {"sourceType": None},
                "name": {"name": "database news"},
                "sourceIds[0]": {"sourceIds": [1]},
                "eventCategory": {"eventCategory": "failure"},
            },
            changes={
                "snsTopic": second,
                "eventCategories": ["low storage", "failure"],
                "tags": {"owner": "me"},
            },
            replacing={"name": {"name": "other-news"}, "region": {"region": OTHER}},
            by_hand=switch_off,
            drifted="enabled",
        ),
        sessions,
    )
    assert outputs["arn"].endswith(":es:database-news")
    assert outputs["tagsAll"] == {**DEFAULT_TAGS, "owner": "me"}


def test_the_order_of_sources_and_categories_is_no_change(resource: MakeResource) -> None:
    subscription = resource(SUBSCRIPTION)
    inputs: dict[str, Any] = {
        "name": "unordered-news",
        "snsTopic": "arn:aws:sns:us-west-1:123456789012:t",
        "sourceType": "db-instance",
        "sourceIds": ["a", "b"],
        "eventCategories": ["failover", "failure"],
    }
    checked = subscription.check(inputs)
    name, outputs = subscription.create(checked)
    turned = {**inputs, "sourceIds": ["b", "a"], "eventCategories": ["failure", "failover"]}
    assert not subscription.diff(name, checked, outputs, subscription.check(turned, checked)).diffs
