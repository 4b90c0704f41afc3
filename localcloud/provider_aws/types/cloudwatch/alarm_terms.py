"""What metric alarms and composite alarms have in common: text, actions, tags, and how they go."""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change
from localcloud.provider_aws.tags import from_pairs, to_pairs

GONE = frozenset({"ResourceNotFound", "ResourceNotFoundException"})
"""What CloudWatch answers for an alarm that does not exist."""

ACTIONS = {
    "alarmActions": "AlarmActions",
    "okActions": "OKActions",
    "insufficientDataActions": "InsufficientDataActions",
}
"""Lists of actions, by the SDK's name; they are sets."""

_MOST_ACTIONS = 5
_LONGEST_DESCRIPTION = 1024
_LONGEST_NAME = 255


def common_arguments(inputs: Properties) -> Properties:
    """Return description and actions as the putting calls want them; lists that are left out are emptied."""
    return {
        "ActionsEnabled": inputs["actionsEnabled"],
        "AlarmDescription": inputs.get("alarmDescription", ""),
        **{api: inputs.get(name) or [] for name, api in ACTIONS.items()},
    }


def common_properties(cloud: Cloud, alarm: Value) -> Properties:
    """Return description, actions and tags of an alarm that CloudWatch describes."""
    tags = cloud.client().list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
    return {
        "actionsEnabled": alarm["ActionsEnabled"],
        "alarmDescription": alarm.get("AlarmDescription", ""),
        "arn": alarm["AlarmArn"],
        "tags": from_pairs(tags),
        **{name: list(alarm.get(api) or ()) for name, api in ACTIONS.items()},
    }


def common_problems(inputs: Properties, name: str) -> Iterator[PropertyFailure]:
    """Find what CloudWatch would refuse in either kind of alarm; `name` is the input that holds the name."""
    limits = {name: _LONGEST_NAME, "alarmDescription": _LONGEST_DESCRIPTION}
    for key, longest in limits.items():
        text = inputs.get(key)
        if isinstance(text, str) and len(text) > longest:
            yield PropertyFailure(path=key, reason=f"must not be longer than {longest} characters")
    for key in ACTIONS:
        actions = inputs.get(key)
        if isinstance(actions, list) and len(actions) > _MOST_ACTIONS:
            yield PropertyFailure(path=key, reason=f"must not hold more than {_MOST_ACTIONS} actions")


def retag_alarm(cloud: Cloud, name: str, change: Change) -> None:
    """Bring an alarm's tags from the old to the new ones; putting an alarm again does not change them."""
    client, arn = cloud.client(), cloud.arn(f"alarm:{name}")
    change.retag(
        remove=lambda keys: client.untag_resource(ResourceARN=arn, TagKeys=keys),
        add=lambda tags: client.tag_resource(ResourceARN=arn, Tags=to_pairs(tags)),
    )


def delete_alarm(cloud: Cloud, name: str, _known: Properties) -> None:
    """Remove an alarm by its name."""
    cloud.client().delete_alarms(AlarmNames=[name])
