"""The resource policy of a secret: who may read it, apart from who may by their own roles."""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.types.secretsmanager.policy_text import NO_POLICY, policy_failures


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    yield from policy_failures(inputs)
    arn = inputs.get("secretArn")
    if isinstance(arn, str) and not arn.startswith("arn:"):
        yield PropertyFailure(path="secretArn", reason=f"{arn!r} is not an ARN")
    if inputs.get("policy") in ("", NO_POLICY):
        yield PropertyFailure(path="policy", reason="says nothing; remove the resource to remove the policy")


def _put(cloud: Cloud, arn: str, inputs: Properties) -> str:
    answer = cloud.client().put_resource_policy(
        SecretId=arn,
        ResourcePolicy=inputs["policy"],
        BlockPublicPolicy=bool(inputs.get("blockPublicPolicy")),
    )
    return str(answer["ARN"])


def _create(cloud: Cloud, inputs: Properties) -> str:
    return _put(cloud, inputs["secretArn"], inputs)


def _read(cloud: Cloud, arn: str) -> Properties | None:
    policy = cloud.client().get_resource_policy(SecretId=arn).get("ResourcePolicy")
    return {"policy": policy, "secretArn": arn} if policy else None


def _update(cloud: Cloud, arn: str, change: Change) -> None:
    if change.has("policy", "blockPublicPolicy"):
        _put(cloud, arn, change.new)


def _delete(cloud: Cloud, arn: str, _known: Properties) -> None:
    cloud.client().delete_resource_policy(SecretId=arn)


TYPE = ResourceType(
    type="aws:secretsmanager/secretPolicy:SecretPolicy",
    service="secretsmanager",
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    # A secret that is marked for deletion answers InvalidRequestException: its policy is gone with it.
    gone=frozenset({"InvalidRequestException", "ResourceNotFoundException"}),
    check=_check,
    force_new=("secretArn",),
    json=("policy",),
    write_only={"blockPublicPolicy": "a condition of the call, not kept"},
)
