"""KMS keys. Deleting a key schedules its deletion; a key with a scheduled deletion counts as gone."""

from __future__ import annotations

from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import from_pairs, to_pairs

_DEFAULT_POLICY = "default"


def _create(cloud: Cloud, inputs: Properties) -> str:
    arguments: Properties = {
        "Description": inputs.get("description", ""),
        "KeyUsage": inputs["keyUsage"],
        "KeySpec": inputs["customerMasterKeySpec"],
        "MultiRegion": bool(inputs.get("multiRegion")),
        "BypassPolicyLockoutSafetyCheck": bool(inputs.get("bypassPolicyLockoutSafetyCheck")),
        "Tags": to_pairs(inputs.get("tags"), key="TagKey", value="TagValue"),
    }
    if inputs.get("policy"):
        arguments["Policy"] = inputs["policy"]
    return str(cloud.client().create_key(**arguments)["KeyMetadata"]["KeyId"])


def _finish(cloud: Cloud, key_id: str, inputs: Properties) -> None:
    if inputs.get("enableKeyRotation"):
        _rotate(cloud, key_id, inputs)
    if not inputs["isEnabled"]:
        cloud.client().disable_key(KeyId=key_id)


def _rotate(cloud: Cloud, key_id: str, inputs: Properties) -> None:
    if not inputs.get("enableKeyRotation"):
        cloud.client().disable_key_rotation(KeyId=key_id)
        return
    period = inputs.get("rotationPeriodInDays")
    days = {"RotationPeriodInDays": period} if period else {}
    cloud.client().enable_key_rotation(KeyId=key_id, **days)


def read_key(cloud: Cloud, key_id: str) -> Properties | None:
    """Read a key or a replica; one whose deletion is scheduled counts as gone."""
    client = cloud.client()
    about = client.describe_key(KeyId=key_id)["KeyMetadata"]
    if about["KeyState"] in ("PendingDeletion", "PendingReplicaDeletion"):
        return None
    return {
        "keyId": about["KeyId"],
        "arn": about["Arn"],
        "description": about.get("Description", ""),
        "keyUsage": about.get("KeyUsage", "ENCRYPT_DECRYPT"),
        "customerMasterKeySpec": about.get("KeySpec", about.get("CustomerMasterKeySpec")),
        "isEnabled": about["Enabled"],
        "multiRegion": about.get("MultiRegion", False),
        "policy": client.get_key_policy(KeyId=key_id, PolicyName=_DEFAULT_POLICY)["Policy"],
        "enableKeyRotation": _rotates(client, key_id, about),
        "tags": from_pairs(client.list_resource_tags(KeyId=key_id)["Tags"], key="TagKey", value="TagValue"),
    }


def _rotates(client: Value, key_id: str, about: Value) -> bool:
    # Asymmetric and HMAC keys cannot rotate, and the service refuses the question.
    if about.get("KeySpec", "SYMMETRIC_DEFAULT") != "SYMMETRIC_DEFAULT":
        return False
    return bool(client.get_key_rotation_status(KeyId=key_id)["KeyRotationEnabled"])


def _update(cloud: Cloud, key_id: str, change: Change) -> None:
    client, new = cloud.client(), change.new
    # A disabled key refuses changes: it is enabled first and disabled last.
    if change.has("isEnabled") and new["isEnabled"]:
        client.enable_key(KeyId=key_id)
    if change.has("description"):
        client.update_key_description(KeyId=key_id, Description=new.get("description", ""))
    if change.has("policy") and new.get("policy"):
        client.put_key_policy(KeyId=key_id, PolicyName=_DEFAULT_POLICY, Policy=new["policy"])
    if change.has("enableKeyRotation", "rotationPeriodInDays"):
        _rotate(cloud, key_id, new)
    retag(cloud, key_id, change)
    if change.has("isEnabled") and not new["isEnabled"]:
        client.disable_key(KeyId=key_id)


def retag(cloud: Cloud, key_id: str, change: Change) -> None:
    """Bring a key's tags from the old to the new ones."""
    client = cloud.client()
    change.retag(
        remove=lambda keys: client.untag_resource(KeyId=key_id, TagKeys=keys),
        add=lambda tags: client.tag_resource(
            KeyId=key_id, Tags=to_pairs(tags, key="TagKey", value="TagValue")
        ),
    )


def delete_key(cloud: Cloud, key_id: str, known: Properties) -> None:
    """Schedule the deletion of a key or a replica, unless that was done already."""
    client = cloud.client()
    if client.describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"] != "PendingDeletion":
        client.schedule_key_deletion(
            KeyId=key_id, PendingWindowInDays=known.get("deletionWindowInDays") or 30
        )


TYPE = ResourceType(
    type="aws:kms/key:Key",
    service="kms",
    create=_create,
    finish=_finish,
    read=read_key,
    update=_update,
    delete=delete_key,
    gone=frozenset({"NotFoundException"}),
    force_new=("customerMasterKeySpec", "customKeyStoreId", "keyUsage", "multiRegion", "xksKeyId"),
    defaults={
        "bypassPolicyLockoutSafetyCheck": False,
        "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "enableKeyRotation": False,
        "isEnabled": True,
        "keyUsage": "ENCRYPT_DECRYPT",
    },
    sticky=("description", "multiRegion", "policy", "rotationPeriodInDays"),
    json=("policy",),
    write_only={
        "bypassPolicyLockoutSafetyCheck": "a condition of the call, not kept",
        "deletionWindowInDays": "only said when the key is deleted",
        "rotationPeriodInDays": "the local cloud does not keep it",
    },
)
