"""Aliases of KMS keys; the id is the name with its `alias/`."""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import UNKNOWN, Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.resource_type import Change, ResourceType

_PREFIX = "alias/"


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    name = inputs["name"]
    if name is not UNKNOWN and not name.startswith(_PREFIX):
        yield PropertyFailure(path="name", reason=f"must start with {_PREFIX}")


def _create(cloud: Cloud, inputs: Properties) -> str:
    cloud.client().create_alias(AliasName=inputs["name"], TargetKeyId=_key_id(inputs["targetKeyId"]))
    return str(inputs["name"])


def _read(cloud: Cloud, name: str) -> Properties | None:
    for page in cloud.client().get_paginator("list_aliases").paginate():
        for alias in page["Aliases"]:
            if alias["AliasName"] == name:
                key_id = alias["TargetKeyId"]
                return {
                    "name": name,
                    "arn": alias["AliasArn"],
                    "targetKeyId": key_id,
                    "targetKeyArn": cloud.arn(f"key/{key_id}"),
                }
    return None


def _update(cloud: Cloud, name: str, change: Change) -> None:
    cloud.client().update_alias(AliasName=name, TargetKeyId=_key_id(change.new["targetKeyId"]))


def _delete(cloud: Cloud, name: str, _known: Properties) -> None:
    cloud.client().delete_alias(AliasName=name)


def _key_id(key: str) -> str:
    return key.rpartition("/")[2]


def _same_key(one: object, two: object) -> bool:
    return isinstance(one, str) and isinstance(two, str) and _key_id(one) == _key_id(two)


TYPE = ResourceType(
    type="aws:kms/alias:Alias",
    service="kms",
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    check=_check,
    gone=frozenset({"NotFoundException"}),
    force_new=("name", "namePrefix"),
    name=Autoname(prefix_key="namePrefix", longest=250, before=_PREFIX),
    same={"targetKeyId": _same_key},
    volatile=("targetKeyArn",),
    write_only={"namePrefix": "the service only knows the resulting name"},
)
