"""Trails; the id is the ARN. A new trail logs only when told to, which is what `enableLogging` means."""

from __future__ import annotations

from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.spelling import from_service, to_service
from localcloud.provider_aws.tags import from_pairs, to_pairs

_ARGUMENTS = {
    "s3BucketName": "S3BucketName",
    "s3KeyPrefix": "S3KeyPrefix",
    "snsTopicName": "SnsTopicName",
    "includeGlobalServiceEvents": "IncludeGlobalServiceEvents",
    "isMultiRegionTrail": "IsMultiRegionTrail",
    "isOrganizationTrail": "IsOrganizationTrail",
    "enableLogFileValidation": "EnableLogFileValidation",
    "kmsKeyId": "KmsKeyId",
    "cloudWatchLogsGroupArn": "CloudWatchLogsLogGroupArn",
    "cloudWatchLogsRoleArn": "CloudWatchLogsRoleArn",
}
_SHOWN = {**_ARGUMENTS, "enableLogFileValidation": "LogFileValidationEnabled"}
_SELECTORS = ("eventSelectors", "advancedEventSelectors")


def _create(cloud: Cloud, inputs: Properties) -> str:
    arguments = {name: inputs[key] for key, name in _ARGUMENTS.items() if inputs.get(key) is not None}
    tags = to_pairs(inputs.get("tags"))
    answer = cloud.client().create_trail(Name=inputs["name"], TagsList=tags, **arguments)
    return str(answer["TrailARN"])


def _finish(cloud: Cloud, arn: str, inputs: Properties) -> None:
    if any(inputs.get(key) for key in _SELECTORS):
        _select(cloud, arn, inputs)
    if inputs.get("insightSelectors"):
        _watch(cloud, arn, inputs)
    if inputs["enableLogging"]:
        cloud.client().start_logging(Name=arn)


def _select(cloud: Cloud, arn: str, inputs: Properties) -> None:
    chosen = {key[:1].upper() + key[1:]: to_service(inputs[key]) for key in _SELECTORS if inputs.get(key)}
    # Every trail has at least this selector: it is what a trail without any has on AWS.
    everything = {"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}]}
    cloud.client().put_event_selectors(TrailName=arn, **(chosen or everything))


def _watch(cloud: Cloud, arn: str, inputs: Properties) -> None:
    selectors = to_service(inputs.get("insightSelectors") or [])
    cloud.client().put_insight_selectors(TrailName=arn, InsightSelectors=selectors)


def _read(cloud: Cloud, arn: str) -> Properties | None:
    client = cloud.client()
    trail = client.get_trail(Name=arn)["Trail"]
    selectors = client.get_event_selectors(TrailName=arn)
    tags = client.list_tags(ResourceIdList=[arn])["ResourceTagList"][0]["TagsList"]
    return {
        "name": trail["Name"],
        "arn": trail["TrailARN"],
        "homeRegion": trail.get("HomeRegion", cloud.region),
        "snsTopicArn": trail.get("SnsTopicARN"),
        **{key: trail.get(name) for key, name in _SHOWN.items()},
        "enableLogging": client.get_trail_status(Name=arn)["IsLogging"],
        "eventSelectors": _custom(selectors.get("EventSelectors")),
        "advancedEventSelectors": from_service(selectors.get("AdvancedEventSelectors") or []),
        "insightSelectors": from_service(
            client.get_insight_selectors(TrailName=arn).get("InsightSelectors") or []
        ),
        "tags": from_pairs(tags),
    }


def _custom(selectors: Value) -> list[Properties]:
    return [
        {**spelled, "dataResources": spelled.get("dataResources") or []}
        for spelled in from_service(selectors or [])
    ]


def _update(cloud: Cloud, arn: str, change: Change) -> None:
    client, new = cloud.client(), change.new
    if change.has(*_ARGUMENTS):
        arguments = {name: new[key] for key, name in _ARGUMENTS.items() if new.get(key) is not None}
        client.update_trail(Name=arn, **arguments)
    if change.has(*_SELECTORS):
        _select(cloud, arn, new)
    if change.has("insightSelectors"):
        _watch(cloud, arn, new)
    if change.has("enableLogging"):
        (client.start_logging if new["enableLogging"] else client.stop_logging)(Name=arn)
    change.retag(
        remove=lambda keys: client.remove_tags(ResourceId=arn, TagsList=[{"Key": key} for key in keys]),
        add=lambda tags: client.add_tags(ResourceId=arn, TagsList=to_pairs(tags)),
    )


def _delete(cloud: Cloud, arn: str, _known: Properties) -> None:
    client = cloud.client()
    # The local cloud answers the deletion of an unknown trail, and of any ARN, with silence.
    name = client.get_trail(Name=arn)["Trail"]["Name"]
    client.delete_trail(Name=name)


TYPE = ResourceType(
    type="aws:cloudtrail/trail:Trail",
    service="cloudtrail",
    create=_create,
    finish=_finish,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"TrailNotFoundException"}),
    name=Autoname(longest=128),
    force_new=("name",),
    defaults={
        "enableLogFileValidation": False,
        "enableLogging": True,
        "includeGlobalServiceEvents": True,
        "isMultiRegionTrail": False,
        "isOrganizationTrail": False,
        "eventSelectors[*].includeManagementEvents": True,
        "eventSelectors[*].readWriteType": "All",
    },
    volatile=("snsTopicArn",),
)
