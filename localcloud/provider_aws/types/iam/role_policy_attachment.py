"""A managed policy attached to an IAM role; the id is `role/policy ARN`, as an import takes it."""

from __future__ import annotations

from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import ResourceType


def _create(cloud: Cloud, inputs: Properties) -> str:
    cloud.client().attach_role_policy(RoleName=inputs["role"], PolicyArn=inputs["policyArn"])
    return f"{inputs['role']}/{inputs['policyArn']}"


def _read(cloud: Cloud, attachment_id: str) -> Properties | None:
    role, _, arn = attachment_id.partition("/")
    for page in cloud.client().get_paginator("list_attached_role_policies").paginate(RoleName=role):
        if any(policy["PolicyArn"] == arn for policy in page["AttachedPolicies"]):
            return {"role": role, "policyArn": arn}
    return None


def _delete(cloud: Cloud, attachment_id: str, _known: Properties) -> None:
    role, _, arn = attachment_id.partition("/")
    cloud.client().detach_role_policy(RoleName=role, PolicyArn=arn)


TYPE = ResourceType(
    type="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    service="iam",
    create=_create,
    read=_read,
    delete=_delete,
    gone=frozenset({"NoSuchEntity"}),
)
