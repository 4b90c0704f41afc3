"""IAM roles, policies and attachments."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import grpc
import pytest

from tests.provider_aws.conftest import CountingSessions, MakeResource
from tests.provider_aws.life import Life, live


def _document(action: str, **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": [action], **more}]}


TRUST = json.dumps(_document("sts:AssumeRole", Principal={"Service": "rds.amazonaws.com"}))
READ = json.dumps(_document("s3:GetObject", Resource="*"), indent=2)
WRITE = json.dumps(_document("s3:PutObject", Resource="*"))


@pytest.fixture
def role(boto: Callable[..., Any], request: pytest.FixtureRequest) -> str:
    """A role, made by hand."""
    name = str(request.node.name)[:60]
    boto("iam").create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
    return name


@pytest.fixture
def policy(boto: Callable[..., Any], request: pytest.FixtureRequest) -> str:
    """A managed policy, made by hand; its ARN."""
    answer = boto("iam").create_policy(PolicyName=f"{request.node.name[:60]}", PolicyDocument=READ)
    return str(answer["Policy"]["Arn"])


def test_a_role_lives(
    resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any], policy: str
) -> None:
    live(
        resource("aws:iam/role:Role"),
        Life(
            inputs={
                "name": "a-role-that-lives",
                "assumeRolePolicy": TRUST,
                "permissionsBoundary": policy,
                "description": "d",
            },
            bad={
                "assumeRolePolicy": {"assumeRolePolicy": None},
                "maxSessionDuration": {"maxSessionDuration": "1"},
            },
            changes={"maxSessionDuration": 7200, "tags": {"a": "b"}, "permissionsBoundary": None},
            replacing={"name": {"name": "other"}, "path": {"path": "/x/"}},
            by_hand=lambda name, _: boto("iam").update_role(RoleName=name, Description="by hand"),
            drifted="description",
            not_imported=frozenset({"forceDetachPolicies"}),
        ),
        sessions,
    )


def test_an_inline_policy_lives(
    resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any], role: str
) -> None:
    live(
        resource("aws:iam/rolePolicy:RolePolicy"),
        Life(
            inputs={"role": role, "name": "inline", "policy": READ},
            bad={"role": {"role": None}, "policy": {"policy": None}},
            changes={"policy": WRITE},
            replacing={"role": {"role": "other"}, "name": {"name": "other"}},
            by_hand=lambda _id, _: boto("iam").put_role_policy(
                RoleName=role, PolicyName="inline", PolicyDocument=READ
            ),
            drifted="policy",
        ),
        sessions,
    )


def test_a_managed_policy_lives(
    resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any]
) -> None:
    live(
        resource("aws:iam/policy:Policy"),
        Life(
            inputs={"name": "a-policy-that-lives", "policy": READ, "description": "d"},
            bad={"policy": {"policy": None}, "polic": {"polic": "x"}},
            changes={"policy": WRITE, "tags": {"a": "b"}},
            replacing={"description": {"description": "other"}, "name": {"name": "other"}},
            by_hand=lambda arn, _: boto("iam").create_policy_version(
                PolicyArn=arn, PolicyDocument=READ, SetAsDefault=True
            ),
            drifted="policy",
        ),
        sessions,
    )


def test_a_managed_policy_can_change_more_often_than_it_may_have_versions(resource: MakeResource) -> None:
    managed = resource("aws:iam/policy:Policy")
    checked = managed.check({"name": "a-restless-policy", "policy": READ})
    arn, outputs = managed.create(checked)
    for text in (WRITE, READ) * 4:
        new = managed.check({"name": "a-restless-policy", "policy": text}, checked)
        outputs = managed.update(arn, checked, outputs, new)
        checked = new
        assert outputs["policy"] == text
    managed.delete(arn, checked, outputs)


def test_an_attachment_lives(
    resource: MakeResource, sessions: CountingSessions, role: str, policy: str
) -> None:
    live(
        resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
        Life(
            inputs={"role": role, "policyArn": policy},
            bad={"policyArn": {"policyArn": None}},
            replacing={"role": {"role": "other"}, "policyArn": {"policyArn": f"{policy}x"}},
            import_id=lambda _id, outputs: f"{outputs['role']}/{outputs['policyArn']}",
        ),
        sessions,
    )


def test_a_role_with_policies_is_deleted_only_when_told_to_detach(
    resource: MakeResource, boto: Callable[..., Any], policy: str
) -> None:
    kept = resource("aws:iam/role:Role")
    checked = kept.check({"name": "a-held-role", "assumeRolePolicy": TRUST})
    name, outputs = kept.create(checked)
    boto("iam").attach_role_policy(RoleName=name, PolicyArn=policy)
    with pytest.raises(grpc.RpcError, match="DeleteConflict"):
        kept.delete(name, checked, outputs)
    kept.delete(name, checked, {**outputs, "forceDetachPolicies": True})
    assert kept.refresh(name, checked, outputs)[0] == ""
