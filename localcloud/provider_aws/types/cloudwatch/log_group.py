"""Log groups of CloudWatch Logs. One with `skipDestroy` outlives its resource, with everything in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import UNKNOWN, Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.resource_type import Change, ResourceType

_FOR_EVER = 0
_RETENTIONS = (
    *(_FOR_EVER, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""Days CloudWatch Logs can keep events (API reference, PutRetentionPolicy)."""

_CLASSES = ("STANDARD", "INFREQUENT_ACCESS", "DELIVERY")
_NAME = re.compile(r"[0-9A-Za-z_./#-]{1,512}")
_RESERVED = "aws:"


def _create(cloud: Cloud, inputs: Properties) -> str:
    arguments: Properties = {"logGroupName": inputs["name"], "tags": inputs.get("tags") or {}}
    for name in ("kmsKeyId", "logGroupClass"):
        if inputs.get(name):
            arguments[name] = inputs[name]
    cloud.client().create_log_group(**arguments)
    return str(inputs["name"])


def _finish(cloud: Cloud, name: str, inputs: Properties) -> None:
    if inputs["retentionInDays"] != _FOR_EVER:
        _retain(cloud, name, inputs["retentionInDays"])


def _retain(cloud: Cloud, name: str, days: int) -> None:
    if days == _FOR_EVER:
        cloud.client().delete_retention_policy(logGroupName=name)
    else:
        cloud.client().put_retention_policy(logGroupName=name, retentionInDays=days)


def _read(cloud: Cloud, name: str) -> Properties | None:
    group = _found(cloud, name)
    if group is None:
        return None
    arn = _arn(cloud, name)
    return {
        "arn": arn,
        "deletionProtectionEnabled": bool(group.get("deletionProtectionEnabled")),
        "kmsKeyId": group.get("kmsKeyId", ""),
        "name": group["logGroupName"],
        "retentionInDays": group.get("retentionInDays", _FOR_EVER),
        "tags": _own(cloud.client().list_tags_for_resource(resourceArn=arn)["tags"]),
    }


def _found(cloud: Cloud, name: str) -> Value:
    pages = cloud.client().get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
    groups = (group for page in pages for group in page["logGroups"])
    return next((group for group in groups if group["logGroupName"] == name), None)


def _arn(cloud: Cloud, name: str) -> str:
    return cloud.arn(f"log-group:{name}")


def _own(tags: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in tags.items() if not key.startswith(_RESERVED)}


def _update(cloud: Cloud, name: str, change: Change) -> None:
    new = change.new
    if change.has("retentionInDays"):
        _retain(cloud, name, new["retentionInDays"])
    if change.has("kmsKeyId"):
        _encrypt(cloud, name, new.get("kmsKeyId") or "")
    _retag(cloud, name, change)


def _encrypt(cloud: Cloud, name: str, key: str) -> None:
    group = _found(cloud, name) or {}
    if key and key != group.get("kmsKeyId"):
        cloud.client().associate_kms_key(logGroupName=name, kmsKeyId=key)
    elif not key and group.get("kmsKeyId"):
        cloud.client().disassociate_kms_key(logGroupName=name)


def _retag(cloud: Cloud, name: str, change: Change) -> None:
    client, arn = cloud.client(), _arn(cloud, name)
    change.retag(
        remove=lambda keys: client.untag_resource(resourceArn=arn, tagKeys=keys),
        add=lambda tags: client.tag_resource(resourceArn=arn, tags=tags),
    )


def _delete(cloud: Cloud, name: str, known: Properties) -> None:
    if known.get("skipDestroy"):
        cloud.log(f"{name} stays, as skipDestroy asks")
        return
    cloud.client().delete_log_group(logGroupName=name)


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    name = inputs["name"]
    if isinstance(name, str) and not _NAME.fullmatch(name):
        yield PropertyFailure(path="name", reason="must be 1 to 512 letters, digits and _ . / # -")
    if inputs["retentionInDays"] not in (UNKNOWN, *_RETENTIONS):
        days = ", ".join(str(one) for one in _RETENTIONS)
        yield PropertyFailure(path="retentionInDays", reason=f"must be one of {days}")
    if inputs.get("logGroupClass") not in (None, UNKNOWN, *_CLASSES):
        yield PropertyFailure(path="logGroupClass", reason=f"must be one of {', '.join(_CLASSES)}")
    if inputs.get("deletionProtectionEnabled") is True:
        yield PropertyFailure(path="deletionProtectionEnabled", reason="not supported by the local cloud")


TYPE = ResourceType(
    type="aws:cloudwatch/logGroup:LogGroup",
    service="logs",
    create=_create,
    finish=_finish,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"ResourceNotFoundException"}),
    name=Autoname(key="name", prefix_key="namePrefix", longest=512),
    force_new=("logGroupClass", "name", "namePrefix"),
    defaults={"retentionInDays": _FOR_EVER, "skipDestroy": False},
    sticky=("deletionProtectionEnabled", "logGroupClass"),
    write_only={
        "logGroupClass": "the local cloud does not keep it",
        "namePrefix": "the service only knows the resulting name",
        "skipDestroy": "a wish of the program, not a property of the group",
    },
    check=_check,
)
