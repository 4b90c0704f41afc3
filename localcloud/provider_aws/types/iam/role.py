"""IAM roles; the id is the name."""

from __future__ import annotations

import json

from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import from_pairs, to_pairs

_OF_OTHER_TYPES = "a type of its own; not read here"


def _create(cloud: Cloud, inputs: Properties) -> str:
    arguments: Properties = {
        "RoleName": inputs["name"],
        "AssumeRolePolicyDocument": inputs["assumeRolePolicy"],
        "Path": inputs["path"],
        "MaxSessionDuration": inputs["maxSessionDuration"],
        "Tags": to_pairs(inputs.get("tags")),
    }
    if inputs.get("description"):
        arguments["Description"] = inputs["description"]
    if inputs.get("permissionsBoundary"):
        arguments["PermissionsBoundary"] = inputs["permissionsBoundary"]
    cloud.client().create_role(**arguments)
    return str(inputs["name"])


def _read(cloud: Cloud, name: str) -> Properties | None:
    role = cloud.client().get_role(RoleName=name)["Role"]
    return {
        "name": role["RoleName"],
        "arn": role["Arn"],
        "uniqueId": role["RoleId"],
        "createDate": role["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "path": role["Path"],
        "description": role.get("Description", ""),
        "assumeRolePolicy": json.dumps(role["AssumeRolePolicyDocument"]),
        "maxSessionDuration": role["MaxSessionDuration"],
        "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        "tags": from_pairs(role.get("Tags")),
    }


def _update(cloud: Cloud, name: str, change: Change) -> None:
    client, new = cloud.client(), change.new
    if change.has("assumeRolePolicy"):
        client.update_assume_role_policy(RoleName=name, PolicyDocument=new["assumeRolePolicy"])
    if change.has("description", "maxSessionDuration"):
        client.update_role(
            RoleName=name,
            Description=new.get("description", ""),
            MaxSessionDuration=new["maxSessionDuration"],
        )
    if change.has("permissionsBoundary"):
        _bound(cloud, name, new.get("permissionsBoundary"))
    change.retag(
        remove=lambda keys: client.untag_role(RoleName=name, TagKeys=keys),
        add=lambda tags: client.tag_role(RoleName=name, Tags=to_pairs(tags)),
    )


def _bound(cloud: Cloud, name: str, boundary: str | None) -> None:
    if boundary:
        cloud.client().put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
    else:
        cloud.client().delete_role_permissions_boundary(RoleName=name)


def _delete(cloud: Cloud, name: str, known: Properties) -> None:
    client = cloud.client()
    if known.get("forceDetachPolicies"):
        for page in client.get_paginator("list_attached_role_policies").paginate(RoleName=name):
            for policy in page["AttachedPolicies"]:
                client.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
        for page in client.get_paginator("list_role_policies").paginate(RoleName=name):
            for policy_name in page["PolicyNames"]:
                client.delete_role_policy(RoleName=name, PolicyName=policy_name)
    client.delete_role(RoleName=name)


TYPE = ResourceType(
    type="aws:iam/role:Role",
    service="iam",
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"NoSuchEntity"}),
    name=Autoname(prefix_key="namePrefix", longest=64),
    force_new=("name", "namePrefix", "path"),
    defaults={"forceDetachPolicies": False, "maxSessionDuration": 3600, "path": "/"},
    sticky=("inlinePolicies", "managedPolicyArns"),
    json=("assumeRolePolicy",),
    write_only={
        "forceDetachPolicies": "a wish of the program, not a property of the role",
        "inlinePolicies": _OF_OTHER_TYPES,
        "managedPolicyArns": _OF_OTHER_TYPES,
        "namePrefix": "the service only knows the resulting name",
    },
)
