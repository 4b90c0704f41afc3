"""Secrets, without their values. Deleting one schedules its deletion; a scheduled one counts as gone."""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import from_pairs, to_pairs
from localcloud.provider_aws.types.rds.name_rule import NameRule
from localcloud.provider_aws.types.secretsmanager.policy_text import NO_POLICY, policy_failures
from localcloud.provider_aws.types.secretsmanager.secret_changes import move_replicas, retag

_NAMES = NameRule(
    longest=512, letters=("[0-9A-Za-z/_+=.@-]", "letters, digits and /_+=.@- are"), is_word=False
)
_WINDOWS = (0, *range(7, 31))


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    yield from _NAMES.failures(inputs)
    yield from policy_failures(inputs)
    window = inputs.get("recoveryWindowInDays")
    if isinstance(window, int) and window not in _WINDOWS:
        yield PropertyFailure(path="recoveryWindowInDays", reason=f"must be 0, or 7 to 30 days, not {window}")
    if inputs.get("type") is not None:
        yield PropertyFailure(path="type", reason="the local cloud has no managed external secrets")


def _create(cloud: Cloud, inputs: Properties) -> str:
    arguments: Properties = {
        "Name": inputs["name"],
        "Description": inputs.get("description") or "",
        "ForceOverwriteReplicaSecret": inputs["forceOverwriteReplicaSecret"],
        "Tags": to_pairs(inputs.get("tags")),
    }
    if inputs.get("kmsKeyId"):
        arguments["KmsKeyId"] = inputs["kmsKeyId"]
    if inputs.get("replicas"):
        arguments["AddReplicaRegions"] = [_replica(entry) for entry in inputs["replicas"]]
    return str(cloud.client().create_secret(**arguments)["ARN"])


def _replica(entry: Properties) -> Properties:
    key = {"KmsKeyId": entry["kmsKeyId"]} if entry.get("kmsKeyId") else {}
    return {"Region": entry["region"], **key}


def _finish(cloud: Cloud, arn: str, inputs: Properties) -> None:
    if inputs.get("policy") and inputs["policy"] != NO_POLICY:
        cloud.client().put_resource_policy(SecretId=arn, ResourcePolicy=inputs["policy"])


def _read(cloud: Cloud, arn: str) -> Properties | None:
    client = cloud.client()
    about = client.describe_secret(SecretId=arn)
    if about.get("DeletedDate"):
        return None
    return {
        "arn": about["ARN"],
        "name": about["Name"],
        "description": about.get("Description", ""),
        "kmsKeyId": about.get("KmsKeyId", ""),
        "policy": client.get_resource_policy(SecretId=arn).get("ResourcePolicy") or NO_POLICY,
        "replicas": [_described(entry) for entry in about.get("ReplicationStatus", ())],
        "tags": from_pairs(about.get("Tags")),
    }


def _described(entry: Value) -> Properties:
    accessed = entry.get("LastAccessedDate")
    return {
        "region": entry["Region"],
        "kmsKeyId": entry.get("KmsKeyId", ""),
        "status": entry.get("Status", ""),
        "statusMessage": entry.get("StatusMessage", ""),
        "lastAccessedDate": accessed.isoformat() if accessed else "",
    }


def _update(cloud: Cloud, arn: str, change: Change) -> None:
    client, new = cloud.client(), change.new
    if change.has("replicas"):
        move_replicas(cloud, arn, change)
    if change.has("description", "kmsKeyId"):
        key = {"KmsKeyId": new["kmsKeyId"]} if new.get("kmsKeyId") else {}
        client.update_secret(SecretId=arn, Description=new.get("description") or "", **key)
    if change.has("policy") and new.get("policy"):
        if new["policy"] == NO_POLICY:
            client.delete_resource_policy(SecretId=arn)
        else:
            client.put_resource_policy(SecretId=arn, ResourcePolicy=new["policy"])
    retag(cloud, arn, change)


def _delete(cloud: Cloud, arn: str, known: Properties) -> None:
    client = cloud.client()
    about = client.describe_secret(SecretId=arn)
    if about.get("DeletedDate"):
        return
    copies = [entry["Region"] for entry in about.get("ReplicationStatus", ())]
    if copies:
        client.remove_regions_from_replication(SecretId=arn, RemoveReplicaRegions=copies)
    window = known.get("recoveryWindowInDays", _WINDOWS[-1])
    ending = {"RecoveryWindowInDays": window} if window else {"ForceDeleteWithoutRecovery": True}
    client.delete_secret(SecretId=arn, **ending)


TYPE = ResourceType(
    type="aws:secretsmanager/secret:Secret",
    service="secretsmanager",
    create=_create,
    finish=_finish,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"ResourceNotFoundException"}),
    name=Autoname(prefix_key="namePrefix", longest=512),
    check=_check,
    force_new=("name", "namePrefix", "type"),
    defaults={"forceOverwriteReplicaSecret": False, "recoveryWindowInDays": _WINDOWS[-1]},
    sticky=(
        "policy",
        "replicas",
        "replicas[*].kmsKeyId",
        "replicas[*].lastAccessedDate",
        "replicas[*].status",
        "replicas[*].statusMessage",
    ),
    unordered=("replicas",),
    json=("policy",),
    write_only={
        "forceOverwriteReplicaSecret": "a condition of the call, not kept",
        "namePrefix": "the service only knows the resulting name",
        "recoveryWindowInDays": "only said when the secret is deleted",
    },
)
