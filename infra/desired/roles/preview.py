"""The preview role: a pull request's code runs with it, so it reads settings and nothing that is kept."""

from __future__ import annotations

from infra.desired.policy_document import PolicyDocument
from infra.desired.roles.scope import RoleScope
from infra.desired.statements import allow, deny

_READ = (
    "budgets:ViewBudget",
    "cloudtrail:Describe*",
    "cloudtrail:Get*",
    "cloudtrail:ListTags",
    "cloudwatch:Describe*",
    "cloudwatch:ListTagsForResource",
    "ec2:Describe*",
    "iam:Get*",
    "iam:List*",
    "kms:Describe*",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:List*",
    "logs:Describe*",
    "logs:ListTagsForResource",
    "rds:Describe*",
    "rds:ListTagsForResource",
    "s3:GetBucket*",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetReplicationConfiguration",
    "s3:ListBucket",
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetResourcePolicy",
    "sns:Get*",
    "sns:List*",
    "sts:GetCallerIdentity",
)


def preview_policy(scope: RoleScope) -> PolicyDocument:
    """Return what the role may and may not."""
    return PolicyDocument(
        statements=(
            allow("ReadSettings", _READ, "*"),
            deny("NoSecrets", ("secretsmanager:GetSecretValue",), "*"),
            deny("NoBackups", ("s3:GetObject", "s3:GetObjectVersion"), *scope.objects()),
            deny("NoDecryption", ("kms:Decrypt",), *scope.keys()),
        )
    )
