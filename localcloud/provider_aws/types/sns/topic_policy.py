"""Who may use a topic. A topic always has a policy: deleting one brings the service's own back."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.types.sns.json_text import json_problems

_OWNERS_ACTIONS = (
    "SNS:GetTopicAttributes",
    "SNS:SetTopicAttributes",
    "SNS:AddPermission",
    "SNS:RemovePermission",
    "SNS:DeleteTopic",
    "SNS:Subscribe",
    "SNS:ListSubscriptionsByTopic",
    "SNS:Publish",
    "SNS:Receive",
)


def _put(cloud: Cloud, arn: str, policy: str) -> None:
    cloud.client().set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)


def _create(cloud: Cloud, inputs: Properties) -> str:
    _put(cloud, inputs["arn"], inputs["policy"])
    return str(inputs["arn"])


def _read(cloud: Cloud, arn: str) -> Properties | None:
    told = cloud.client().get_topic_attributes(TopicArn=arn)["Attributes"]
    return {"arn": told["TopicArn"], "owner": told["Owner"], "policy": told["Policy"]}


def _update(cloud: Cloud, arn: str, change: Change) -> None:
    if change.has("policy"):
        _put(cloud, arn, change.new["policy"])


def _delete(cloud: Cloud, arn: str, known: Properties) -> None:
    _put(cloud, arn, _default_policy(arn, str(known.get("owner") or cloud.account)))


def _default_policy(arn: str, owner: str) -> str:
    """Return what SNS gives a new topic: its owner may do everything."""
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": list(_OWNERS_ACTIONS),
        "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": owner}},
    }
    return json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]})


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    yield from json_problems(inputs, ("policy",))


TYPE = ResourceType(
    type="aws:sns/topicPolicy:TopicPolicy",
    service="sns",
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"NotFound", "NotFoundException"}),
    force_new=("arn",),
    json=("policy",),
    check=_check,
)
