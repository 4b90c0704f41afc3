"""Tags and copies of a secret, brought from the old to the new ones."""

from __future__ import annotations

from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change
from localcloud.provider_aws.tags import to_pairs


def retag(cloud: Cloud, arn: str, change: Change) -> None:
    """Bring a secret's tags from the old to the new ones."""
    client = cloud.client()
    change.retag(
        remove=lambda keys: client.untag_resource(SecretId=arn, TagKeys=keys),
        add=lambda tags: client.tag_resource(SecretId=arn, Tags=to_pairs(tags)),
    )


def move_replicas(cloud: Cloud, arn: str, change: Change) -> None:
    """Remove the copies that are no longer wanted or get another key, then make those that are missing."""
    client = cloud.client()
    old, new = _keys(change.old.get("replicas")), _keys(change.new.get("replicas"))
    status = client.describe_secret(SecretId=arn).get("ReplicationStatus", ())
    present = {entry["Region"] for entry in status}
    leaving = sorted(region for region in present & old.keys() if (region, old[region]) not in new.items())
    if leaving:
        client.remove_regions_from_replication(SecretId=arn, RemoveReplicaRegions=leaving)
    joining = sorted(new.keys() - (present - set(leaving)))
    if joining:
        client.replicate_secret_to_regions(
            SecretId=arn,
            AddReplicaRegions=[
                {"Region": region, **({"KmsKeyId": new[region]} if new[region] else {})} for region in joining
            ],
            ForceOverwriteReplicaSecret=change.new["forceOverwriteReplicaSecret"],
        )


def _keys(replicas: list[dict[str, str]] | None) -> dict[str, str | None]:
    return {entry["region"]: entry.get("kmsKeyId") for entry in replicas or ()}
