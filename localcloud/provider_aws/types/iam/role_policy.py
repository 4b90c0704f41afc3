"""Inline policies of IAM roles; the id is `role:policy`."""

from __future__ import annotations

import json

from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.resource_type import Change, ResourceType


def _put(cloud: Cloud, role: str, name: str, policy: str) -> None:
    cloud.client().put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=policy)


def _create(cloud: Cloud, inputs: Properties) -> str:
    _put(cloud, inputs["role"], inputs["name"], inputs["policy"])
    return f"{inputs['role']}:{inputs['name']}"


def _read(cloud: Cloud, policy_id: str) -> Properties | None:
    role, _, name = policy_id.partition(":")
    answer = cloud.client().get_role_policy(RoleName=role, PolicyName=name)
    return {"role": role, "name": name, "policy": json.dumps(answer["PolicyDocument"])}


def _update(cloud: Cloud, policy_id: str, change: Change) -> None:
    role, _, name = policy_id.partition(":")
    _put(cloud, role, name, change.new["policy"])


def _delete(cloud: Cloud, policy_id: str, _known: Properties) -> None:
    role, _, name = policy_id.partition(":")
    cloud.client().delete_role_policy(RoleName=role, PolicyName=name)


TYPE = ResourceType(
    type="aws:iam/rolePolicy:RolePolicy",
    service="iam",
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"NoSuchEntity"}),
    name=Autoname(prefix_key="namePrefix", longest=128),
    force_new=("name", "namePrefix", "role"),
    json=("policy",),
    write_only={"namePrefix": "the service only knows the resulting name"},
)
