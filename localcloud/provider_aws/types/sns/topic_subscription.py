"""Subscriptions to a topic.

Mail and plain HTTP endpoints confirm in their own time: the subscription exists, and its outputs say that it
waits. The others are waited for. An endpoint may be a secret; it is never written into a message here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import UNKNOWN, Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.types.sns.json_text import json_problems

_SCOPE = "filterPolicyScope"
_ATTRIBUTES = {
    "deliveryPolicy": "DeliveryPolicy",
    "filterPolicy": "FilterPolicy",
    "filterPolicyScope": "FilterPolicyScope",
    "rawMessageDelivery": "RawMessageDelivery",
    "redrivePolicy": "RedrivePolicy",
    "subscriptionRoleArn": "SubscriptionRoleArn",
}
_JSON = ("deliveryPolicy", "filterPolicy", "redrivePolicy", "replayPolicy")
_WEB = ("http", "https")
_MAIL = ("email", "email-json")
_PROTOCOLS = ("application", "firehose", "lambda", "sms", "sqs", *_MAIL, *_WEB)
_SCOPES = ("MessageAttributes", "MessageBody")
_NO_FILTER = "{}"
_WAIT_S = 120.0


def _create(cloud: Cloud, inputs: Properties) -> str:
    attributes = {_ATTRIBUTES[name]: _text(inputs[name]) for name in _ATTRIBUTES if inputs.get(name)}
    answer = cloud.client().subscribe(
        TopicArn=inputs["topic"],
        Protocol=inputs["protocol"],
        Endpoint=inputs["endpoint"],
        Attributes=attributes,
        ReturnSubscriptionArn=True,
    )
    return str(answer["SubscriptionArn"])


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _finish(cloud: Cloud, arn: str, inputs: Properties) -> None:
    protocol = inputs["protocol"]
    if protocol in _MAIL or (protocol in _WEB and not inputs["endpointAutoConfirms"]):
        return
    limit_s = inputs["confirmationTimeoutInMinutes"] * 60.0 if protocol in _WEB else _WAIT_S
    patient = dataclasses.replace(cloud, timeout_s=limit_s)
    patient.wait_until(f"confirmation of subscription {arn}", lambda: not _is_pending(cloud, arn))


def _is_pending(cloud: Cloud, arn: str) -> bool:
    told = cloud.client().get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    return bool(told.get("PendingConfirmation") == "true")


def _read(cloud: Cloud, arn: str) -> Properties | None:
    told = cloud.client().get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    shown = {name: told[api] for name, api in _ATTRIBUTES.items() if told.get(api)}
    if shown.get("filterPolicy") == _NO_FILTER:
        shown = {name: value for name, value in shown.items() if name not in ("filterPolicy", _SCOPE)}
    return {
        **shown,
        "arn": told["SubscriptionArn"],
        "confirmationWasAuthenticated": told.get("ConfirmationWasAuthenticated") == "true",
        "endpoint": told["Endpoint"],
        "ownerId": told["Owner"],
        "pendingConfirmation": told.get("PendingConfirmation") == "true",
        "protocol": told["Protocol"],
        "rawMessageDelivery": told.get("RawMessageDelivery") == "true",
        "topic": told["TopicArn"],
    }


def _update(cloud: Cloud, arn: str, change: Change) -> None:
    for name in _in_order(change.new):
        if change.has(name):
            value = change.new.get(name)
            empty = _NO_FILTER if name == "filterPolicy" else ""
            cloud.client().set_subscription_attributes(
                SubscriptionArn=arn,
                AttributeName=_ATTRIBUTES[name],
                AttributeValue=empty if value in (None, "") else _text(value),
            )


def _in_order(inputs: Properties) -> list[str]:
    # A nested filter fits only the scope MessageBody: that scope goes before it, the other one after it.
    others = [name for name in _ATTRIBUTES if name != _SCOPE]
    return [_SCOPE, *others] if inputs.get(_SCOPE) == _SCOPES[1] else [*others, _SCOPE]


def _delete(cloud: Cloud, arn: str, _known: Properties) -> None:
    cloud.client().unsubscribe(SubscriptionArn=arn)


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    yield from json_problems(inputs, _JSON)
    if inputs["protocol"] not in (UNKNOWN, *_PROTOCOLS):
        yield PropertyFailure(path="protocol", reason=f"must be one of {', '.join(sorted(_PROTOCOLS))}")
    if inputs.get(_SCOPE) not in (None, UNKNOWN, *_SCOPES):
        yield PropertyFailure(path=_SCOPE, reason=f"must be {' or '.join(_SCOPES)}")
    if inputs.get(_SCOPE) and not inputs.get("filterPolicy"):
        yield PropertyFailure(path=_SCOPE, reason="has no meaning without filterPolicy")
    if inputs.get("replayPolicy"):
        yield PropertyFailure(path="replayPolicy", reason="not supported by the local cloud")


TYPE = ResourceType(
    type="aws:sns/topicSubscription:TopicSubscription",
    service="sns",
    create=_create,
    finish=_finish,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"NotFound", "NotFoundException"}),
    force_new=("endpoint", "protocol", "topic"),
    defaults={
        "confirmationTimeoutInMinutes": 1,
        "endpointAutoConfirms": False,
        "rawMessageDelivery": False,
    },
    sticky=(_SCOPE,),
    json=_JSON,
    write_only={
        "confirmationTimeoutInMinutes": "a wish of the program, not a property of the subscription",
        "endpointAutoConfirms": "a wish of the program, not a property of the subscription",
    },
    check=_check,
)
