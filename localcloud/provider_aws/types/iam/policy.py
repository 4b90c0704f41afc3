"""Managed IAM policies; the id is the ARN. A change makes a new version; the oldest goes when five exist."""

from __future__ import annotations

import json

from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import from_pairs, to_pairs

_MOST_VERSIONS = 5
"""IAM and AWS STS quotas, "Managed policy versions"."""


def _create(cloud: Cloud, inputs: Properties) -> str:
    answer = cloud.client().create_policy(
        PolicyName=inputs["name"],
        PolicyDocument=inputs["policy"],
        Path=inputs["path"],
        Description=inputs.get("description", ""),
        Tags=to_pairs(inputs.get("tags")),
    )
    return str(answer["Policy"]["Arn"])


def _read(cloud: Cloud, arn: str) -> Properties | None:
    client = cloud.client()
    about = client.get_policy(PolicyArn=arn)["Policy"]
    version = client.get_policy_version(PolicyArn=arn, VersionId=about["DefaultVersionId"])
    return {
        "arn": about["Arn"],
        "name": about["PolicyName"],
        "policyId": about["PolicyId"],
        "path": about["Path"],
        "description": about.get("Description", ""),
        "attachmentCount": about["AttachmentCount"],
        "policy": json.dumps(version["PolicyVersion"]["Document"]),
        "tags": from_pairs(about.get("Tags")),
    }


def _update(cloud: Cloud, arn: str, change: Change) -> None:
    client = cloud.client()
    if change.has("policy"):
        versions = _old_versions(client, arn)
        if len(versions) >= _MOST_VERSIONS - 1:
            client.delete_policy_version(PolicyArn=arn, VersionId=versions[0])
        client.create_policy_version(PolicyArn=arn, PolicyDocument=change.new["policy"], SetAsDefault=True)
    change.retag(
        remove=lambda keys: client.untag_policy(PolicyArn=arn, TagKeys=keys),
        add=lambda tags: client.tag_policy(PolicyArn=arn, Tags=to_pairs(tags)),
    )


def _old_versions(client: Value, arn: str) -> list[str]:
    versions = client.list_policy_versions(PolicyArn=arn)["Versions"]
    versions.sort(key=lambda version: version["CreateDate"])
    return [str(version["VersionId"]) for version in versions if not version["IsDefaultVersion"]]


def _delete(cloud: Cloud, arn: str, _known: Properties) -> None:
    client = cloud.client()
    for version in _old_versions(client, arn):
        client.delete_policy_version(PolicyArn=arn, VersionId=version)
    client.delete_policy(PolicyArn=arn)


TYPE = ResourceType(
    type="aws:iam/policy:Policy",
    service="iam",
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"NoSuchEntity"}),
    name=Autoname(prefix_key="namePrefix", longest=128),
    force_new=("description", "name", "namePrefix", "path"),
    defaults={"path": "/"},
    json=("policy",),
    write_only={
        "delayAfterPolicyCreationInMs": "a wait of the program, not a property of the policy",
        "namePrefix": "the service only knows the resulting name",
    },
)
