"""One value of a secret. A version never changes, so its value is never read back into the state.

The id is `<secret>|<version>`. Deleting takes its labels off; AWSCURRENT cannot be taken off, only moved.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from itertools import combinations

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change, ResourceType

_CURRENT = "AWSCURRENT"
_VALUES = ("secretString", "secretBinary", "secretStringWo")


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    for one, other in combinations(_VALUES, 2):
        if inputs.get(one) is not None and inputs.get(other) is not None:
            yield PropertyFailure(path=one, reason=f"conflicts with {other}")
    pair = ("secretStringWo", "secretStringWoVersion")
    for one, other in (pair, pair[::-1]):
        if inputs.get(one) is not None and inputs.get(other) is None:
            yield PropertyFailure(path=other, reason=f"missing, but required with {one}")
    binary = inputs.get("secretBinary")
    if isinstance(binary, str) and not _is_base64(binary):
        yield PropertyFailure(path="secretBinary", reason="must be base64-encoded")


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error:
        return False
    return True


def _create(cloud: Cloud, inputs: Properties) -> str:
    arguments: Properties = {"SecretId": inputs["secretId"]}
    if inputs.get("secretBinary") is not None:
        arguments["SecretBinary"] = base64.b64decode(inputs["secretBinary"])
    text = inputs.get("secretStringWo") or inputs.get("secretString")
    if text is not None:
        arguments["SecretString"] = text
    if inputs.get("versionStages"):
        arguments["VersionStages"] = inputs["versionStages"]
    return f"{inputs['secretId']}|{cloud.client().put_secret_value(**arguments)['VersionId']}"


def _read(cloud: Cloud, version_id: str) -> Properties | None:
    secret, _, version = version_id.rpartition("|")
    about = cloud.client().describe_secret(SecretId=secret)
    stages = about.get("VersionIdsToStages", {}).get(version)
    if about.get("DeletedDate") or not stages:
        return None
    return {
        "secretId": secret,
        "versionId": version,
        "versionStages": stages,
        "arn": about["ARN"],
        "secretArn": about["ARN"],
    }


def _update(cloud: Cloud, version_id: str, change: Change) -> None:
    if not change.has("versionStages"):
        return
    secret, _, version = version_id.rpartition("|")
    labels = _labels(cloud, secret)
    wanted = set(change.new.get("versionStages") or labels[version])
    for label in sorted(wanted - set(labels[version])):
        holder = next((other for other, stages in labels.items() if label in stages), None)
        off = {"RemoveFromVersionId": holder} if holder else {}
        cloud.client().update_secret_version_stage(
            SecretId=secret, VersionStage=label, MoveToVersionId=version, **off
        )
    _take_off(cloud, secret, version, set(labels[version]) - wanted)


def _labels(cloud: Cloud, secret: str) -> Value:
    return cloud.client().describe_secret(SecretId=secret).get("VersionIdsToStages", {})


def _take_off(cloud: Cloud, secret: str, version: str, labels: set[str]) -> None:
    for label in sorted(labels - {_CURRENT}):
        cloud.client().update_secret_version_stage(
            SecretId=secret, VersionStage=label, RemoveFromVersionId=version
        )
    if _CURRENT in labels:
        cloud.log(f"{version} keeps the label {_CURRENT}: it can only be moved to another version")


def _delete(cloud: Cloud, version_id: str, known: Properties) -> None:
    secret, _, version = version_id.rpartition("|")
    # A label that came by itself, such as AWSPREVIOUS when a newer value was put, stays.
    ours = set(known.get("versionStages") or ())
    _take_off(cloud, secret, version, ours & set(_labels(cloud, secret).get(version, ())))


_A_VALUE = "a version never changes, and its value has no business in the state"

TYPE = ResourceType(
    type="aws:secretsmanager/secretVersion:SecretVersion",
    service="secretsmanager",
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"InvalidRequestException", "ResourceNotFoundException"}),
    check=_check,
    force_new=("secretBinary", "secretId", "secretString", "secretStringWoVersion"),
    sticky=("versionStages",),
    unordered=("versionStages",),
    hidden=frozenset({"hasSecretStringWo", "secretStringWo"}),
    write_only={
        "secretBinary": _A_VALUE,
        "secretString": _A_VALUE,
        "secretStringWo": _A_VALUE,
        "secretStringWoVersion": "only the program counts it",
    },
)
