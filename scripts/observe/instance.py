"""A database instance as RDS describes it, reduced to what a recovery asks about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scripts.engine.json_values import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenInstance:
    """An instance as RDS describes it.

    Args:
        settings: what a restore may lose, in the words of ModifyDBInstance.
        pending: names of changes that are not in force yet.
        reboot_pending: whether its parameter group holds only from the next reboot.
    """

    identifier: str
    resource_id: str
    arn: str
    status: str
    address: str
    port: int
    engine_version: str
    storage_gib: int
    settings: Mapping[str, Json]
    tags: Mapping[str, str]
    pending: tuple[str, ...] = ()
    reboot_pending: bool = False
    storage_type: str = ""


def read_instance(one: Mapping[str, Any]) -> SeenInstance:
    """Read an instance out of an answer of RDS."""
    endpoint = one.get("Endpoint") or {}
    groups = one.get("DBParameterGroups") or [{}]
    return SeenInstance(
        identifier=one["DBInstanceIdentifier"],
        resource_id=one["DbiResourceId"],
        arn=one["DBInstanceArn"],
        status=one["DBInstanceStatus"],
        address=endpoint.get("Address", ""),
        port=endpoint.get("Port", 0),
        engine_version=one.get("EngineVersion", ""),
        storage_gib=one.get("AllocatedStorage", 0),
        settings=_settings(one),
        tags={tag["Key"]: tag["Value"] for tag in one.get("TagList", ())},
        pending=tuple(sorted(one.get("PendingModifiedValues") or {})),
        reboot_pending=groups[0].get("ParameterApplyStatus") == "pending-reboot",
        storage_type=one.get("StorageType") or "",
    )


def _settings(one: Mapping[str, Any]) -> dict[str, Json]:
    groups = one.get("DBParameterGroups") or [{}]
    security = sorted(group["VpcSecurityGroupId"] for group in one.get("VpcSecurityGroups", ()))
    return {
        "DBParameterGroupName": groups[0].get("DBParameterGroupName", ""),
        "VpcSecurityGroupIds": tuple(security),
        "MultiAZ": bool(one.get("MultiAZ")),
        "DeletionProtection": bool(one.get("DeletionProtection")),
        "BackupRetentionPeriod": int(one.get("BackupRetentionPeriod") or 0),
        "DBInstanceClass": one.get("DBInstanceClass", ""),
        "MonitoringInterval": int(one.get("MonitoringInterval") or 0),
        "MonitoringRoleArn": one.get("MonitoringRoleArn") or "",
        "CACertificateIdentifier": one.get("CACertificateIdentifier") or "",
        "CopyTagsToSnapshot": bool(one.get("CopyTagsToSnapshot")),
        "EnableIAMDatabaseAuthentication": bool(one.get("IAMDatabaseAuthenticationEnabled")),
        "EnablePerformanceInsights": bool(one.get("PerformanceInsightsEnabled")),
        # Both are given with the switch or never: RDS lets nobody change the key afterwards.
        "PerformanceInsightsKMSKeyId": one.get("PerformanceInsightsKMSKeyId") or "",
        "PerformanceInsightsRetentionPeriod": int(one.get("PerformanceInsightsRetentionPeriod") or 0),
        "MaxAllocatedStorage": int(one.get("MaxAllocatedStorage") or 0),
        "LogExports": tuple(sorted(one.get("EnabledCloudwatchLogsExports") or ())),
        "PreferredBackupWindow": one.get("PreferredBackupWindow") or "",
        "PreferredMaintenanceWindow": one.get("PreferredMaintenanceWindow") or "",
    }
