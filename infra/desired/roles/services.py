"""The roles AWS services assume: enhanced monitoring of RDS, and replication of the backup buckets."""

from __future__ import annotations

from infra.desired.keys import KeyPurpose
from infra.desired.policy_document import PolicyDocument
from infra.desired.reference import Joined, Partition
from infra.desired.roles.scope import RoleScope
from infra.desired.statements import allow

MONITORING_POLICY = Joined(
    parts=("arn:", Partition(), ":iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole")
)
"""AWS's own policy for enhanced monitoring."""

_READ_VERSIONS = (
    "s3:GetObjectLegalHold",
    "s3:GetObjectRetention",
    "s3:GetObjectVersionAcl",
    "s3:GetObjectVersionForReplication",
    "s3:GetObjectVersionTagging",
)
_WRITE_REPLICAS = ("s3:ObjectOwnerOverrideToBucketOwner", "s3:ReplicateObject", "s3:ReplicateTags")


def replication_policy(scope: RoleScope) -> PolicyDocument:
    """Return what S3 needs to copy objects both ways; it may not replicate a deletion."""
    keys = scope.keys(KeyPurpose.BACKUPS)
    return PolicyDocument(
        statements=(
            allow("Look", ("s3:GetReplicationConfiguration", "s3:ListBucket"), *scope.buckets()),
            allow("Read", _READ_VERSIONS, *scope.objects()),
            allow("Write", _WRITE_REPLICAS, *scope.objects()),
            allow("UseKeys", ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"), *keys),
        )
    )
