"""Tags of EC2 objects: said in the creating call, and changed with calls of their own."""

from __future__ import annotations

from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change
from localcloud.provider_aws.tags import to_pairs


def tag_specifications(kind: str, inputs: Properties) -> list[Properties]:
    """Return the tags of inputs as a creating call wants them.

    Args:
        kind: EC2's word for the type, such as `route-table`.
        inputs: inputs of the object.
    """
    tags = to_pairs(inputs.get("tags"))
    return [{"ResourceType": kind, "Tags": tags}] if tags else []


def retag(cloud: Cloud, resource_id: str, change: Change) -> None:
    """Bring an object's tags from the old to the new ones."""
    client = cloud.client()
    change.retag(
        remove=lambda keys: client.delete_tags(Resources=[resource_id], Tags=[{"Key": key} for key in keys]),
        add=lambda tags: client.create_tags(Resources=[resource_id], Tags=to_pairs(tags)),
    )
