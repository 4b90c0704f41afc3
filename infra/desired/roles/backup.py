"""The backup role: takes snapshots and dumps, puts them away and says so; deletes nothing."""

from __future__ import annotations

from infra.desired.keys import KeyPurpose
from infra.desired.policy_document import Condition, PolicyDocument
from infra.desired.roles.scope import RoleScope
from infra.desired.statements import allow, deny

_GRANT_FOR_AWS = Condition(operator="Bool", key="kms:GrantIsForAWSResource", values=("true",))
_DELETE = (
    "rds:DeleteDBInstance",
    "rds:DeleteDBInstanceAutomatedBackup",
    "rds:DeleteDBSnapshot",
    "s3:BypassGovernanceRetention",
    "s3:DeleteBucket",
    "s3:DeleteObjectVersion",
)


def backup_policy(scope: RoleScope) -> PolicyDocument:
    """Return what the role may and may not."""
    keys = scope.keys(KeyPurpose.DATABASE, KeyPurpose.BACKUPS, KeyPurpose.SECRETS)
    return PolicyDocument(
        statements=(
            allow(
                "TakeSnapshots",
                ("rds:AddTagsToResource", "rds:CopyDBSnapshot", "rds:CreateDBSnapshot"),
                *scope.database_things(),
            ),
            allow(
                "Look",
                (
                    "cloudwatch:DescribeAlarms",
                    "rds:Describe*",
                    "rds:ListTagsForResource",
                    "s3:ListAllMyBuckets",
                ),
                "*",
            ),
            # A current backup past its retention gets a delete marker; its versions stay until lifecycle.
            allow("PutAway", ("s3:DeleteObject", "s3:GetObject*", "s3:PutObject"), *scope.objects()),
            allow(
                "List", ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketVersions"), *scope.buckets()
            ),
            allow(
                "SnapshotSecrets",
                ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"),
                *scope.secrets(),
            ),
            allow(
                "UseKeys",
                ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
                *keys,
            ),
            allow("GrantToAws", ("kms:CreateGrant",), *keys, when=(_GRANT_FOR_AWS,)),
            allow("Report", ("cloudwatch:PutMetricData",), "*", when=scope.metric_namespaces()),
            deny("DeleteNothing", _DELETE, "*"),
        )
    )
