"""The permissions boundary: what no role of the environment can do, whatever its policy comes to say."""

from __future__ import annotations

from infra.desired.policy_document import Condition, PolicyDocument
from infra.desired.reference import arn
from infra.desired.roles.deploy import BOUNDARY
from infra.desired.roles.scope import RoleScope
from infra.desired.statements import allow, deny, unless_principal

_SERVICES = ("budgets", "cloudtrail", "cloudwatch", "ec2", "iam", "kms", "logs", "rds", "s3")
_MORE_SERVICES = ("secretsmanager", "sns", "sts", "tag")
_ESCAPES = (
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateUser",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteUserPermissionsBoundary",
    "iam:PutUserPolicy",
    "iam:UpdateLoginProfile",
)
_BLINDFOLDS = ("cloudtrail:DeleteTrail", "cloudtrail:StopLogging")
# Services without a region of their own answer from here.
_GLOBAL_REGION = "us-east-1"


def boundary_policy(scope: RoleScope) -> PolicyDocument:
    """Return the boundary's document."""
    boundary = arn("iam", "", f"policy/{scope.names.account(BOUNDARY)}")
    regions = tuple(sorted({*scope.regions, _GLOBAL_REGION}))
    elsewhere = Condition(operator="StringNotEquals", key="aws:RequestedRegion", values=regions)
    services = tuple(f"{service}:*" for service in (*_SERVICES, *_MORE_SERVICES))
    return PolicyDocument(
        statements=(
            allow("TheseServices", services, "*"),
            deny("NoWayOut", _ESCAPES, "*"),
            deny("NotThisBoundary", ("iam:CreatePolicyVersion", "iam:DeletePolicy*"), boundary),
            deny(
                "KeepWatching",
                _BLINDFOLDS,
                "*",
                when=unless_principal(scope.names.role_arn("breakglass")),
            ),
            deny(
                "NowhereElse",
                ("ec2:*", "kms:*", "rds:*", "secretsmanager:*", "sns:*"),
                "*",
                when=(elsewhere,),
            ),
        )
    )
