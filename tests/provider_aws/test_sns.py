"""Topics, their policies and their subscriptions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import grpc
import pytest

from lifeboat.providerkit.values import UNKNOWN, SecretValue
from tests.provider_aws.conftest import DEFAULT_TAGS, HOME, OTHER, CountingSessions, MakeResource
from tests.provider_aws.life import Life, live

TOPIC = "aws:sns/topic:Topic"
POLICY = "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
KEY_ARN = f"arn:aws:kms:{HOME}:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab"

Boto = Callable[..., Any]


def _document(service: str) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sns:Publish",
        "Resource": "*",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _make_topic(resource: MakeResource, name: str, **more: Any) -> str:
    topic = resource(TOPIC)
    return topic.create(topic.check({"name": name, **more}))[0]


def test_a_topic_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    def rename(arn: str, _outputs: dict[str, Any]) -> None:
        boto("sns").set_topic_attributes(TopicArn=arn, AttributeName="DisplayName", AttributeValue="by hand")

    outputs = live(
        resource(TOPIC),
        Life(
            inputs={
                "name": "a-topic-that-lives",
                "displayName": "alarms",
                "kmsMasterKeyId": KEY_ARN,
                "policy": _document("cloudwatch.amazonaws.com"),
                "signatureVersion": 2,
                "httpFailureFeedbackRoleArn": "arn:aws:iam::123456789012:role/feedback",
                "tags": {"severity": "critical"},
            },
            bad={
                "name": {"name": "no spaces"},
                "kmsMasterKey": {"kmsMasterKey": "x"},
                "policy": {"policy": "{"},
                "contentBasedDeduplication": {"contentBasedDeduplication": True},
                "tracingConfig": {"tracingConfig": "On"},
                "httpSuccessFeedbackSampleRate": {"httpSuccessFeedbackSampleRate": 101},
                "displayName": {"displayName": 1},
            },
            changes={
                "displayName": "pages",
                "signatureVersion": 1,
                "policy": json.dumps(_document("rds.amazonaws.com")),
                "deliveryPolicy": json.dumps({"http": {"defaultHealthyRetryPolicy": {"numRetries": 3}}}),
                "tags": {"severity": "warning"},
            },
            replacing={"name": {"name": "another-topic"}, "region": {"region": OTHER}},
            by_hand=rename,
            drifted="displayName",
            not_imported=frozenset({"signatureVersion", "httpFailureFeedbackRoleArn"}),
        ),
        sessions,
    )
    assert outputs["arn"] == f"arn:aws:sns:{HOME}:123456789012:a-topic-that-lives"
    assert outputs["owner"] == "123456789012"
    assert outputs["tagsAll"] == {**DEFAULT_TAGS, "severity": "warning"}


def test_settings_that_are_left_out_are_taken_away(resource: MakeResource, boto: Boto) -> None:
    topic = resource(TOPIC)
    full = topic.check({"name": "loses-its-key", "kmsMasterKeyId": KEY_ARN, "displayName": "x"})
    arn, outputs = topic.create(full)
    bare = topic.check({"name": "loses-its-key"}, full)
    outputs = topic.update(arn, full, outputs, bare)
    assert (outputs["kmsMasterKeyId"], outputs["displayName"]) == ("", "")
    assert "KmsMasterKeyId" not in boto("sns").get_topic_attributes(TopicArn=arn)["Attributes"]


def test_a_policy_of_its_own_resource_is_no_drift_of_the_topic(resource: MakeResource) -> None:
    topic, policy = resource(TOPIC), resource(POLICY)
    checked = topic.check({"name": "has-a-policy"})
    arn, outputs = topic.create(checked)
    policy.create(policy.check({"arn": arn, "policy": _document("rds.amazonaws.com")}))
    _, inputs, read = topic.refresh(arn, checked, outputs)
    assert inputs == checked
    assert not topic.diff(arn, inputs, read, checked).diffs


def test_a_fifo_topic_says_so_in_its_name(resource: MakeResource) -> None:
    topic = resource(TOPIC)
    assert "name" in topic.failures({"name": "orders", "fifoTopic": True})
    checked = topic.check({"name": "orders.fifo", "fifoTopic": True, "contentBasedDeduplication": True})
    arn, outputs = topic.create(checked)
    assert arn.endswith(":orders.fifo")
    assert (outputs["fifoTopic"], outputs["contentBasedDeduplication"]) == (True, True)
    assert topic.refresh(arn, checked, outputs)[1] == checked
    plain = topic.check({"name": "orders", "fifoTopic": False}, checked)
    assert "fifoTopic" in topic.diff(arn, checked, outputs, plain).replaces


def test_a_topic_without_a_name_gets_one_and_keeps_it(resource: MakeResource) -> None:
    topic = resource(TOPIC, "alarms")
    checked = topic.check({})
    assert checked["name"].startswith("alarms-")
    assert topic.check({"displayName": "x"}, checked)["name"] == checked["name"]
    assert topic.check({"namePrefix": "pre-"})["name"].startswith("pre-")


def test_a_topic_of_another_region_is_made_and_found_there(resource: MakeResource, boto: Boto) -> None:
    arn = _make_topic(resource, "far-away", region=OTHER)
    assert arn.split(":")[3] == OTHER
    assert boto("sns", OTHER).get_topic_attributes(TopicArn=arn)["Attributes"]["TopicArn"] == arn
    assert resource(TOPIC).import_(f"{arn}@{OTHER}")[1]["region"] == OTHER


def test_a_policy_is_checked_previewed_changed_and_imported(
    resource: MakeResource, sessions: CountingSessions, boto: Boto
) -> None:
    arn = _make_topic(resource, "guarded")
    policy = resource(POLICY)
    inputs = {"arn": arn, "policy": _document("cloudwatch.amazonaws.com")}
    assert list(policy.failures({"arn": arn, "policy": "no json"})) == ["policy"]
    assert list(policy.failures({"policy": "{}"})) == ["arn"]
    checked = policy.check(inputs)
    before = sessions.asked
    _, planned = policy.create(checked, preview=True)
    assert (planned["owner"], sessions.asked) == (UNKNOWN, before)
    policy_id, outputs = policy.create(checked)
    assert (policy_id, outputs["owner"]) == (arn, "123456789012")
    spelled = policy.check({"arn": arn, "policy": json.dumps(inputs["policy"], indent=4)}, checked)
    assert not policy.diff(arn, checked, outputs, spelled).diffs
    assert policy.refresh(arn, checked, outputs)[1:] == (checked, outputs)
    new = policy.check({"arn": arn, "policy": _document("rds.amazonaws.com")}, checked)
    assert not policy.diff(arn, checked, outputs, new).replaces
    outputs = policy.update(arn, checked, outputs, new)
    assert "rds.amazonaws.com" in outputs["policy"]
    assert not policy.diff(arn, policy.import_(arn)[1], outputs, new).diffs
    moved = policy.check({**inputs, "arn": f"{arn}-2"}, new)
    assert list(policy.diff(arn, new, outputs, moved).replaces) == ["arn"]
    boto("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue="{}")
    _, drifted, _ = policy.refresh(arn, new, outputs)
    assert list(policy.diff(arn, drifted, outputs, new).diffs) == ["policy"]


def test_without_its_policy_a_topic_belongs_to_its_owner_again(resource: MakeResource, boto: Boto) -> None:
    arn = _make_topic(resource, "unguarded")
    policy = resource(POLICY)
    checked = policy.check({"arn": arn, "policy": _document("cloudwatch.amazonaws.com")})
    _, outputs = policy.create(checked)
    policy.delete(arn, checked, outputs)
    policy.delete(arn, checked, outputs)
    document = json.loads(boto("sns").get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])
    assert document["Statement"][0]["Condition"] == {"StringEquals": {"AWS:SourceOwner": "123456789012"}}
    boto("sns").delete_topic(TopicArn=arn)
    policy.delete(arn, checked, outputs)
    assert policy.refresh(arn, checked, outputs)[0] == ""


def test_a_subscription_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    arn = _make_topic(resource, "subscribed")
    queue = boto("sqs").create_queue(QueueName="subscriber")["QueueUrl"]
    attributes = boto("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    endpoint = attributes["Attributes"]["QueueArn"]

    def unwrap(subscription: str, _outputs: dict[str, Any]) -> None:
        boto("sns").set_subscription_attributes(
            SubscriptionArn=subscription, AttributeName="RawMessageDelivery", AttributeValue="false"
        )

    outputs = live(
        resource(SUBSCRIPTION),
        Life(
            inputs={
                "topic": arn,
                "protocol": "sqs",
                "endpoint": endpoint,
                "filterPolicy": json.dumps({"severity": ["critical"]}),
            },
            bad={
                "topic": {"topic": None},
                "protocol": {"protocol": "pigeon"},
                "filterPolicy": {"filterPolicy": "{"},
                "filterPolicyScope": {"filterPolicy": None, "filterPolicyScope": "MessageBody"},
                "replayPolicy": {"replayPolicy": "{}"},
                "endpoints": {"endpoints": [endpoint]},
                "rawMessageDelivery": {"rawMessageDelivery": "yes"},
            },
            changes={
                "rawMessageDelivery": True,
                "filterPolicyScope": "MessageBody",
                "filterPolicy": json.dumps({"alarm": {"severity": ["critical"]}}),
            },
            replacing={
                "topic": {"topic": f"{arn}-2"},
                "protocol": {"protocol": "sms"},
                "endpoint": {"endpoint": f"{endpoint}-2"},
            },
            by_hand=unwrap,
            drifted="rawMessageDelivery",
        ),
        sessions,
    )
    assert outputs["arn"].startswith(f"{arn}:")
    assert outputs["pendingConfirmation"] is False
    assert outputs["ownerId"] == "123456789012"


def test_a_filter_that_is_left_out_is_taken_away(resource: MakeResource) -> None:
    arn = _make_topic(resource, "unfiltered")
    subscription = resource(SUBSCRIPTION)
    inputs = {"topic": arn, "protocol": "email", "endpoint": "someone@example.com"}
    full = subscription.check({**inputs, "filterPolicy": json.dumps({"severity": ["critical"]})})
    subscription_arn, outputs = subscription.create(full)
    assert outputs["filterPolicyScope"] == "MessageAttributes"
    bare = subscription.check(inputs, full)
    outputs = subscription.update(subscription_arn, full, outputs, bare)
    assert "filterPolicy" not in outputs
    assert subscription.refresh(subscription_arn, bare, outputs)[1] == bare


def test_a_secret_endpoint_stays_secret(resource: MakeResource) -> None:
    arn = _make_topic(resource, "discreet")
    subscription = resource(SUBSCRIPTION)
    url = "https://alerts.example.com/v1/a-token-nobody-may-see"
    checked = subscription.check(
        {"topic": arn, "protocol": "https", "endpoint": SecretValue(url), "endpointAutoConfirms": True}
    )
    assert checked["endpoint"] == SecretValue(url)
    subscription_arn, outputs = subscription.create(checked)
    assert outputs["endpoint"] == SecretValue(url)
    _, inputs, read = subscription.refresh(subscription_arn, checked, outputs)
    assert (inputs["endpoint"], read["endpoint"]) == (SecretValue(url), SecretValue(url))
    assert not subscription.diff(subscription_arn, checked, outputs, checked).diffs


def test_a_refused_endpoint_is_not_told(resource: MakeResource) -> None:
    subscription = resource(SUBSCRIPTION)
    topic = f"arn:aws:sns:{HOME}:123456789012:nobody"
    endpoint = SecretValue("https://alerts.example.com/v1/a-token-nobody-may-see")
    with pytest.raises(grpc.RpcError) as refused:
        subscription.create(subscription.check({"topic": topic, "protocol": "https", "endpoint": endpoint}))
    assert "a-token" not in refused.value.details()
    assert "NotFound" in refused.value.details()
