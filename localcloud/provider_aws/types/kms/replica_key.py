"""A copy of a multi-region KMS key in another region: same id and material, own policy, tags and state."""

from __future__ import annotations

from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.types.kms import key

_DEFAULT_POLICY = "default"
_ARN_PARTS = 6


def _create(cloud: Cloud, inputs: Properties) -> str:
    _, _, _, region, _, resource = inputs["primaryKeyArn"].split(":", _ARN_PARTS - 1)
    policy = {"Policy": inputs["policy"]} if inputs.get("policy") else {}
    answer = cloud.client(region=region).replicate_key(
        KeyId=resource.removeprefix("key/"),
        ReplicaRegion=cloud.region,
        Description=inputs.get("description", ""),
        BypassPolicyLockoutSafetyCheck=inputs["bypassPolicyLockoutSafetyCheck"],
        **policy,
    )
    return str(answer["ReplicaKeyMetadata"]["KeyId"])


def _finish(cloud: Cloud, key_id: str, inputs: Properties) -> None:
    _apply(cloud, key_id, Change(old={}, new=inputs, changed=frozenset(inputs)))


def _apply(cloud: Cloud, key_id: str, change: Change) -> None:
    client, new = cloud.client(), change.new
    # A disabled key refuses changes: it is enabled first and disabled last.
    if change.has("enabled") and new["enabled"]:
        client.enable_key(KeyId=key_id)
    if change.has("description"):
        client.update_key_description(KeyId=key_id, Description=new.get("description", ""))
    if change.has("policy") and new.get("policy"):
        client.put_key_policy(KeyId=key_id, PolicyName=_DEFAULT_POLICY, Policy=new["policy"])
    key.retag(cloud, key_id, change)
    if change.has("enabled") and not new["enabled"]:
        client.disable_key(KeyId=key_id)


def _read(cloud: Cloud, key_id: str) -> Properties | None:
    client = cloud.client()
    about = client.describe_key(KeyId=key_id)["KeyMetadata"]
    found = key.read_key(cloud, key_id)
    if found is None:
        return None
    return {
        **found,
        "enabled": found["isEnabled"],
        "keyRotationEnabled": found["enableKeyRotation"],
        "keySpec": found["customerMasterKeySpec"],
        "primaryKeyArn": about["MultiRegionConfiguration"]["PrimaryKey"]["Arn"],
    }


TYPE = ResourceType(
    type="aws:kms/replicaKey:ReplicaKey",
    service="kms",
    create=_create,
    finish=_finish,
    read=_read,
    update=_apply,
    delete=key.delete_key,
    gone=frozenset({"NotFoundException"}),
    force_new=("primaryKeyArn",),
    defaults={"bypassPolicyLockoutSafetyCheck": False, "deletionWindowInDays": 30, "enabled": True},
    sticky=("policy",),
    json=("policy",),
    write_only={
        "bypassPolicyLockoutSafetyCheck": "a condition of the call, not kept",
        "deletionWindowInDays": "only said when the key is deleted",
    },
)
