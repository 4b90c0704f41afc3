"""SNS topics. A topic is made with its tags; every other setting is an attribute, set by its own call."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import UNKNOWN, Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import from_pairs, to_pairs
from localcloud.provider_aws.types.sns.json_text import json_problems

_SHOWN = {
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "deliveryPolicy": "DeliveryPolicy",
    "displayName": "DisplayName",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
}
_FEEDBACK = {
    f"{protocol}{setting}": f"{word}{setting}"
    for protocol, word in (
        ("application", "Application"),
        ("firehose", "Firehose"),
        ("http", "HTTP"),
        ("lambda", "Lambda"),
        ("sqs", "SQS"),
    )
    for setting in ("FailureFeedbackRoleArn", "SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate")
}
_NOT_SHOWN = {
    "archivePolicy": "ArchivePolicy",
    "maximumMessageSize": "MaximumMessageSize",
    "signatureVersion": "SignatureVersion",
    "tracingConfig": "TracingConfig",
    **_FEEDBACK,
}
_ATTRIBUTES = {**_SHOWN, **_NOT_SHOWN}
_FIFO_ONLY = ("archivePolicy", "contentBasedDeduplication", "fifoThroughputScope")
_JSON = ("archivePolicy", "deliveryPolicy", "policy")
_PERCENT = 100
_NAME = re.compile(r"[0-9A-Za-z_-]{1,256}")
_FIFO_NAME = re.compile(r"[0-9A-Za-z_-]{1,251}\.fifo")
_CHOICES: dict[str, tuple[Value, ...]] = {
    "fifoThroughputScope": ("Topic", "MessageGroup"),
    "signatureVersion": (1, 2),
    "tracingConfig": ("Active", "PassThrough"),
}


def _create(cloud: Cloud, inputs: Properties) -> str:
    attributes = {}
    if inputs["fifoTopic"]:
        attributes["FifoTopic"] = "true"
        if inputs.get("fifoThroughputScope"):
            attributes["FifoThroughputScope"] = inputs["fifoThroughputScope"]
    answer = cloud.client().create_topic(
        Name=inputs["name"], Attributes=attributes, Tags=to_pairs(inputs.get("tags"))
    )
    return str(answer["TopicArn"])


def _finish(cloud: Cloud, arn: str, inputs: Properties) -> None:
    _set(cloud, arn, [name for name in _ATTRIBUTES if inputs.get(name)], inputs)


def _set(cloud: Cloud, arn: str, names: list[str], inputs: Properties) -> None:
    for name in names:
        cloud.client().set_topic_attributes(
            TopicArn=arn, AttributeName=_ATTRIBUTES[name], AttributeValue=_text(inputs.get(name))
        )


def _text(value: Value) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(cloud: Cloud, arn: str) -> Properties | None:
    told = cloud.client().get_topic_attributes(TopicArn=arn)["Attributes"]
    return {
        "arn": told["TopicArn"],
        "beginningArchiveTime": told.get("BeginningArchiveTime", ""),
        "contentBasedDeduplication": told.get("ContentBasedDeduplication") == "true",
        "deliveryPolicy": told.get("DeliveryPolicy", ""),
        "displayName": told.get("DisplayName", ""),
        "fifoTopic": told.get("FifoTopic") == "true",
        "kmsMasterKeyId": told.get("KmsMasterKeyId", ""),
        "name": told["TopicArn"].rpartition(":")[2],
        "owner": told["Owner"],
        "policy": told["Policy"],
        "tags": from_pairs(cloud.client().list_tags_for_resource(ResourceArn=arn)["Tags"]),
    }


def _update(cloud: Cloud, arn: str, change: Change) -> None:
    _set(cloud, arn, [name for name in _ATTRIBUTES if change.has(name)], change.new)
    _retag(cloud, arn, change)


def _retag(cloud: Cloud, arn: str, change: Change) -> None:
    client = cloud.client()
    change.retag(
        remove=lambda keys: client.untag_resource(ResourceArn=arn, TagKeys=keys),
        add=lambda tags: client.tag_resource(ResourceArn=arn, Tags=to_pairs(tags)),
    )


def _delete(cloud: Cloud, arn: str, _known: Properties) -> None:
    cloud.client().delete_topic(TopicArn=arn)


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    yield from json_problems(inputs, _JSON)
    yield from _name_problems(inputs)
    if inputs["fifoTopic"] is False:
        for name in _FIFO_ONLY:
            if inputs.get(name):
                yield PropertyFailure(path=name, reason="only FIFO topics have it")
    for name, choices in _CHOICES.items():
        if inputs.get(name) not in (None, UNKNOWN, *choices):
            yield PropertyFailure(path=name, reason=f"must be {' or '.join(str(one) for one in choices)}")
    for name in _FEEDBACK:
        rate = inputs.get(name)
        if name.endswith("Rate") and isinstance(rate, int) and not 0 <= rate <= _PERCENT:
            yield PropertyFailure(path=name, reason=f"must be between 0 and {_PERCENT}")


def _name_problems(inputs: Properties) -> Iterator[PropertyFailure]:
    name, fifo = inputs["name"], inputs["fifoTopic"]
    if UNKNOWN in (name, fifo) or (_FIFO_NAME if fifo else _NAME).fullmatch(name):
        return
    rule = "letters, digits, underscores and hyphens"
    reason = f"must be {rule} and end with .fifo" if fifo else f"must be 1 to 256 {rule}"
    yield PropertyFailure(path="name", reason=reason)


TYPE = ResourceType(
    type="aws:sns/topic:Topic",
    service="sns",
    create=_create,
    finish=_finish,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"NotFound", "NotFoundException"}),
    name=Autoname(key="name", prefix_key="namePrefix", longest=256),
    force_new=("fifoTopic", "name", "namePrefix"),
    defaults={"contentBasedDeduplication": False, "fifoTopic": False},
    sticky=("fifoThroughputScope", "maximumMessageSize", "policy", "signatureVersion", "tracingConfig"),
    json=_JSON,
    write_only={
        "namePrefix": "the service only knows the resulting name",
        "fifoThroughputScope": "the local cloud does not show it",
        **dict.fromkeys(_NOT_SHOWN, "the local cloud does not show it"),
    },
    check=_check,
)
