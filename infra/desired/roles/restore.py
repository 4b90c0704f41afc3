"""The restore role: runs recoveries and drills; makes and promotes databases, never deletes one."""

from __future__ import annotations

from infra.desired.keys import KeyPurpose
from infra.desired.policy_document import Condition, PolicyDocument, Statement
from infra.desired.roles.scope import RoleScope
from infra.desired.statements import allow, deny

_GRANT_FOR_AWS = Condition(operator="Bool", key="kms:GrantIsForAWSResource", values=("true",))
_TO_MONITORING = Condition(
    operator="StringEquals", key="iam:PassedToService", values=("monitoring.rds.amazonaws.com",)
)
_RECOVER = (
    "rds:AddTagsToResource",
    "rds:CopyDBSnapshot",
    "rds:CreateDBInstanceReadReplica",
    "rds:CreateDBSnapshot",
    "rds:ModifyDBInstance",
    "rds:PromoteReadReplica",
    "rds:RebootDBInstance",
    "rds:RestoreDBInstanceFromDBSnapshot",
    "rds:RestoreDBInstanceToPointInTime",
    "rds:StartDBInstance",
    "rds:StartDBInstanceAutomatedBackupsReplication",
    "rds:StopDBInstance",
    "rds:StopDBInstanceAutomatedBackupsReplication",
)
_LOOK = (
    "cloudwatch:Describe*",
    "cloudwatch:GetMetricData",
    "cloudwatch:GetMetricStatistics",
    "ec2:Describe*",
    "logs:FilterLogEvents",
    "rds:Describe*",
    "rds:ListTagsForResource",
    "sns:List*",
)
_SECRETS = (
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "secretsmanager:ListSecretVersionIds",
    "secretsmanager:PutSecretValue",
    "secretsmanager:ReplicateSecretToRegions",
    "secretsmanager:StopReplicationToReplica",
    "secretsmanager:UpdateSecretVersionStage",
)
_KEY_USE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
_DELETE = (
    "rds:DeleteDBInstance",
    "rds:DeleteDBInstanceAutomatedBackup",
    "rds:DeleteDBSnapshot",
    "s3:BypassGovernanceRetention",
    "s3:DeleteBucket",
    "s3:DeleteObjectVersion",
)


def restore_policy(scope: RoleScope) -> PolicyDocument:
    """Return what the role may and may not."""
    monitoring = scope.names.role_arn("rds-monitoring")
    return PolicyDocument(
        statements=(
            allow("Recover", _RECOVER, *scope.database_things()),
            allow("Look", _LOOK, "*"),
            allow("PassMonitoring", ("iam:PassRole",), monitoring, when=(_TO_MONITORING,)),
            *_key_statements(scope),
            # Journal, lease and evidence lie beside the backups; the lease is taken back at the end.
            allow("ReadAndJournal", ("s3:DeleteObject", "s3:GetObject*", "s3:PutObject"), *scope.objects()),
            allow("List", ("s3:GetBucket*", "s3:ListBucket", "s3:ListBucketVersions"), *scope.buckets()),
            allow("Secrets", _SECRETS, *scope.secrets()),
            allow("Subscribe", ("sns:Subscribe", "sns:Unsubscribe"), *scope.topics()),
            allow("Report", ("cloudwatch:PutMetricData",), "*", when=scope.metric_namespaces()),
            deny("DeleteNothing", _DELETE, "*"),
        )
    )


def _key_statements(scope: RoleScope) -> tuple[Statement, ...]:
    keys = scope.keys(KeyPurpose.DATABASE, KeyPurpose.BACKUPS, KeyPurpose.SECRETS)
    return (
        allow("UseKeys", _KEY_USE, *keys),
        allow("GrantToAws", ("kms:CreateGrant",), *keys, when=(_GRANT_FOR_AWS,)),
    )
