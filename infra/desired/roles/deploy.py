"""The deploy role: runs `pulumi up` of the main branch; makes and changes, ends nothing that holds data.

It reads the values that apps receive, because it hands them over (docs/adr/0006), and no others.
"""

from __future__ import annotations

from infra.desired.policy_document import Condition, PolicyDocument, Statement
from infra.desired.reference import PolicyRef, arn, bucket_arn
from infra.desired.roles.scope import RoleScope
from infra.desired.statements import allow, deny

BOUNDARY = "boundary"
_MANAGE = (
    "budgets:*",
    "cloudtrail:*",
    "cloudwatch:*",
    "ec2:*",
    "kms:*",
    "logs:*",
    "rds:*",
    "sts:GetCallerIdentity",
)
_MANAGE_ROLES = (
    "iam:*RolePolicy",
    "iam:*RoleTags",
    "iam:DeleteRole",
    "iam:Get*",
    "iam:List*",
    "iam:PassRole",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
)
_END_DATA = (
    "kms:DisableKey",
    "kms:ScheduleKeyDeletion",
    "rds:DeleteDBInstance",
    "rds:DeleteDBInstanceAutomatedBackup",
    "rds:DeleteDBSnapshot",
    "s3:BypassGovernanceRetention",
    "s3:DeleteBucket",
    "s3:DeleteObjectVersion",
    "secretsmanager:DeleteSecret",
)
_READ_VALUES = ("secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue")


def deploy_policy(scope: RoleScope) -> PolicyDocument:
    """Return what the role may and may not."""
    prefix = scope.names.prefix
    boundary = arn("iam", "", f"policy/{scope.names.account(BOUNDARY)}")
    bounded = Condition(operator="ArnEquals", key="iam:PermissionsBoundary", values=(boundary,))
    return PolicyDocument(
        statements=(
            allow("Manage", _MANAGE, "*"),
            allow("ManageBuckets", ("s3:*",), bucket_arn(f"{prefix}-*"), bucket_arn(f"{prefix}-*", "/*")),
            allow("ManageSecrets", ("secretsmanager:*",), *scope.secrets()),
            allow("ManageTopics", ("sns:*",), *scope.topics()),
            allow("ManageRoles", _MANAGE_ROLES, *scope.roles()),
            allow(
                "MakeBoundedRoles",
                ("iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary"),
                *scope.roles(),
                when=(bounded,),
            ),
            allow(
                "ManageBoundary", ("iam:CreatePolicy", "iam:GetPolicy*", "iam:ListPolicyVersions"), boundary
            ),
            deny("EndNoData", _END_DATA, "*"),
            *_no_private_values(scope),
        )
    )


def _no_private_values(scope: RoleScope) -> tuple[Statement, ...]:
    private = scope.secrets_of_no_app()
    return (deny("ReadNoPrivateSecrets", _READ_VALUES, *private),) if private else ()


def boundary_ref() -> PolicyRef:
    """Return the reference to the permissions boundary of every role."""
    return PolicyRef(BOUNDARY)
