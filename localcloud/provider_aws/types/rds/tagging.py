"""Tags of RDS objects: said in the creating call, and changed by ARN with calls of their own."""

from __future__ import annotations

from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change
from localcloud.provider_aws.tags import from_pairs, to_pairs


def tags_of(cloud: Cloud, arn: str) -> Properties:
    """Ask for the tags of an object."""
    return {**from_pairs(cloud.client().list_tags_for_resource(ResourceName=arn)["TagList"])}


def retag(cloud: Cloud, arn: str, change: Change) -> None:
    """Bring an object's tags from the old to the new ones."""
    client = cloud.client()
    change.retag(
        remove=lambda keys: client.remove_tags_from_resource(ResourceName=arn, TagKeys=keys),
        add=lambda tags: client.add_tags_to_resource(ResourceName=arn, Tags=to_pairs(tags)),
    )
