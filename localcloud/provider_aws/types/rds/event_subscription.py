"""RDS event subscriptions: which events of which sources go to a topic. None is ever published locally."""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import to_pairs
from localcloud.provider_aws.types.rds.name_rule import NameRule
from localcloud.provider_aws.types.rds.tagging import retag, tags_of

_NAMES = NameRule(letters=("[0-9A-Za-z-]", "letters, digits and hyphens are"), is_word=False)
_SOURCE_TYPES = (
    "blue-green-deployment",
    "custom-engine-version",
    "db-cluster",
    "db-cluster-snapshot",
    "db-instance",
    "db-parameter-group",
    "db-proxy",
    "db-security-group",
    "db-shard-group",
    "db-snapshot",
    "zero-etl",
)


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    yield from _NAMES.failures(inputs)
    topic, kind = inputs.get("snsTopic"), inputs.get("sourceType")
    if isinstance(topic, str) and not topic.startswith("arn:"):
        yield PropertyFailure(path="snsTopic", reason=f"{topic!r} is not an ARN")
    if isinstance(kind, str) and kind not in _SOURCE_TYPES:
        yield PropertyFailure(path="sourceType", reason=f"must be one of {', '.join(_SOURCE_TYPES)}")
    if inputs.get("sourceIds") and kind is None:
        yield PropertyFailure(path="sourceType", reason="missing, but required with sourceIds")


def _create(cloud: Cloud, inputs: Properties) -> str:
    arguments = {
        "SubscriptionName": inputs["name"],
        "Tags": to_pairs(inputs.get("tags")),
        **_settings(inputs),
    }
    if inputs.get("sourceIds"):
        arguments["SourceIds"] = inputs["sourceIds"]
    answer = cloud.client().create_event_subscription(**arguments)
    return str(answer["EventSubscription"]["CustSubscriptionId"])


def _settings(inputs: Properties) -> Properties:
    return {
        "SnsTopicArn": inputs["snsTopic"],
        "Enabled": inputs["enabled"],
        "EventCategories": inputs.get("eventCategories") or [],
        **({"SourceType": inputs["sourceType"]} if inputs.get("sourceType") else {}),
    }


def _finish(cloud: Cloud, name: str, _inputs: Properties) -> None:
    cloud.wait_until(
        f"status active of event subscription {name}",
        lambda: _subscription(cloud, name)["Status"] == "active",
    )


def _subscription(cloud: Cloud, name: str) -> Value:
    (found,) = cloud.client().describe_event_subscriptions(SubscriptionName=name)["EventSubscriptionsList"]
    return found


def _read(cloud: Cloud, name: str) -> Properties | None:
    found = _subscription(cloud, name)
    return {
        "name": found["CustSubscriptionId"],
        "snsTopic": found["SnsTopicArn"],
        "enabled": found["Enabled"],
        "eventCategories": found.get("EventCategoriesList", []),
        "sourceIds": found.get("SourceIdsList", []),
        "sourceType": found.get("SourceType"),
        "arn": found["EventSubscriptionArn"],
        "customerAwsId": found.get("CustomerAwsId", cloud.account),
        "tags": tags_of(cloud, found["EventSubscriptionArn"]),
    }


def _update(cloud: Cloud, name: str, change: Change) -> None:
    if change.has("snsTopic", "enabled", "eventCategories", "sourceType"):
        cloud.client().modify_event_subscription(SubscriptionName=name, **_settings(change.new))
    if change.has("sourceIds"):
        _move_sources(cloud, name, set(change.new.get("sourceIds") or ()))
    _finish(cloud, name, change.new)
    retag(cloud, cloud.arn(f"es:{name}"), change)


def _move_sources(cloud: Cloud, name: str, wanted: set[str]) -> None:
    client, present = cloud.client(), set(_subscription(cloud, name).get("SourceIdsList", ()))
    for source in sorted(present - wanted):
        client.remove_source_identifier_from_subscription(SubscriptionName=name, SourceIdentifier=source)
    for source in sorted(wanted - present):
        client.add_source_identifier_to_subscription(SubscriptionName=name, SourceIdentifier=source)


def _delete(cloud: Cloud, name: str, _known: Properties) -> None:
    cloud.client().delete_event_subscription(SubscriptionName=name)


TYPE = ResourceType(
    type="aws:rds/eventSubscription:EventSubscription",
    service="rds",
    create=_create,
    finish=_finish,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"SubscriptionNotFound"}),
    name=Autoname(prefix_key="namePrefix"),
    check=_check,
    force_new=("name", "namePrefix"),
    defaults={"enabled": True},
    unordered=("eventCategories", "sourceIds"),
    write_only={"namePrefix": "the service only knows the resulting name"},
)
