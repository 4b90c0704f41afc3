"""The operations of RDS that moto would answer and nothing would stand behind: each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

_REASONS: Mapping[str, tuple[str, ...]] = {
    "Aurora and Multi-AZ clusters have no servers here": (
        "AddRoleToDBCluster",
        "CopyDBClusterParameterGroup",
        "CopyDBClusterSnapshot",
        "CreateDBCluster",
        "CreateDBClusterParameterGroup",
        "CreateDBClusterSnapshot",
        "CreateDBShardGroup",
        "CreateGlobalCluster",
        "DeleteDBCluster",
        "DeleteDBClusterParameterGroup",
        "DeleteDBClusterSnapshot",
        "DeleteGlobalCluster",
        "DescribeDBClusterParameterGroups",
        "DescribeDBClusterParameters",
        "DescribeDBClusterSnapshotAttributes",
        "DescribeDBClusterSnapshots",
        "DescribeDBClusters",
        "DescribeDBShardGroups",
        "DescribeGlobalClusters",
        "FailoverDBCluster",
        "ModifyDBCluster",
        "ModifyDBClusterParameterGroup",
        "ModifyDBClusterSnapshotAttribute",
        "PromoteReadReplicaDBCluster",
        "RemoveFromGlobalCluster",
        "RestoreDBClusterFromSnapshot",
        "RestoreDBClusterToPointInTime",
        "StartDBCluster",
        "StopDBCluster",
    ),
    "nothing listens at a proxy's endpoint": (
        "CreateDBProxy",
        "DeleteDBProxy",
        "DeregisterDBProxyTargets",
        "DescribeDBProxies",
        "DescribeDBProxyTargetGroups",
        "DescribeDBProxyTargets",
        "ModifyDBProxyTargetGroup",
        "RegisterDBProxyTargets",
    ),
    "no green server is made, and none is switched to": (
        "CreateBlueGreenDeployment",
        "DeleteBlueGreenDeployment",
        "DescribeBlueGreenDeployments",
        "SwitchoverBlueGreenDeployment",
    ),
    "nothing would be written to the bucket": (
        "CancelExportTask",
        "DescribeExportTasks",
        "StartExportTask",
    ),
    "a server's log is in its directory here, and not served": ("DescribeDBLogFiles",),
    "the list would be empty for postgres": ("DescribeOrderableDBInstanceOptions",),
    "a role would open no bucket to the server": ("AddRoleToDBInstance",),
    "groups outside a network do not exist any more": (
        "AuthorizeDBSecurityGroupIngress",
        "CreateDBSecurityGroup",
        "DeleteDBSecurityGroup",
        "DescribeDBSecurityGroups",
    ),
    "postgres has no options to group": (
        "CreateOptionGroup",
        "DeleteOptionGroup",
        "DescribeOptionGroupOptions",
        "DescribeOptionGroups",
        "ModifyOptionGroup",
    ),
}

NOT_EMULATED: Mapping[str, str] = {
    operation: reason for reason, operations in _REASONS.items() for operation in operations
}
"""The reason by operation."""
