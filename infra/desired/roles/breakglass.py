"""The break-glass role: for an hour, with two factors, everything within this environment, ends included."""

from __future__ import annotations

from infra.desired.policy_document import PolicyDocument
from infra.desired.reference import bucket_arn
from infra.desired.roles.scope import RoleScope
from infra.desired.statements import allow

_LOOK = (
    "cloudtrail:LookupEvents",
    "cloudwatch:*",
    "ec2:Describe*",
    "iam:Get*",
    "iam:List*",
    "kms:List*",
    "logs:*",
    "rds:Describe*",
    "s3:ListAllMyBuckets",
    "secretsmanager:ListSecrets",
    "sns:List*",
)


def breakglass_policy(scope: RoleScope) -> PolicyDocument:
    """Return what the role may."""
    prefix = scope.names.prefix
    return PolicyDocument(
        statements=(
            allow("Look", _LOOK, "*"),
            allow("Databases", ("rds:*",), *scope.database_things()),
            allow("Buckets", ("s3:*",), bucket_arn(f"{prefix}-*"), bucket_arn(f"{prefix}-*", "/*")),
            allow("Keys", ("kms:*",), *scope.keys()),
            allow("Secrets", ("secretsmanager:*",), *scope.secrets()),
            allow("Topics", ("sns:*",), *scope.topics()),
            allow("PassMonitoring", ("iam:PassRole",), scope.names.role_arn("rds-monitoring")),
        )
    )
