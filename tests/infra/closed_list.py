"""The AWS types the program may use: what the local cloud can make, and what a reviewer has to know."""

from __future__ import annotations

_BY_MODULE = {
    "ec2": "Vpc Subnet InternetGateway RouteTable Route RouteTableAssociation SecurityGroup",
    "vpc": "SecurityGroupIngressRule SecurityGroupEgressRule",
    "kms": "Key ReplicaKey Alias",
    "rds": "Instance SubnetGroup ParameterGroup InstanceAutomatedBackupsReplication EventSubscription",
    "s3": "Bucket BucketVersioning BucketServerSideEncryptionConfiguration BucketPublicAccessBlock "
    "BucketOwnershipControls BucketLifecycleConfiguration BucketObjectLockConfiguration "
    "BucketReplicationConfig BucketPolicy BucketObjectv2",
    "secretsmanager": "Secret SecretPolicy",
    "sns": "Topic TopicPolicy TopicSubscription",
    "cloudwatch": "MetricAlarm CompositeAlarm LogGroup",
    "iam": "Role RolePolicy Policy RolePolicyAttachment",
    "budgets": "Budget",
    "cloudtrail": "Trail",
}
TYPES = frozenset(
    f"aws:{module}/{name[0].lower()}{name[1:]}:{name}"
    for module, names in _BY_MODULE.items()
    for name in names.split()
)
