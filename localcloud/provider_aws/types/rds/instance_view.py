"""An instance as RDS describes it, in the words of the program: inputs and outputs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.tags import from_pairs

_SAME: Mapping[str, str] = {
    "allocatedStorage": "AllocatedStorage",
    "arn": "DBInstanceArn",
    "autoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "availabilityZone": "AvailabilityZone",
    "backupRetentionPeriod": "BackupRetentionPeriod",
    "backupTarget": "BackupTarget",
    "backupWindow": "PreferredBackupWindow",
    "caCertIdentifier": "CACertificateIdentifier",
    "characterSetName": "CharacterSetName",
    "copyTagsToSnapshot": "CopyTagsToSnapshot",
    "customerOwnedIpEnabled": "CustomerOwnedIpEnabled",
    "databaseInsightsMode": "DatabaseInsightsMode",
    "dbName": "DBName",
    "deletionProtection": "DeletionProtection",
    "enabledCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
    "engine": "Engine",
    "engineLifecycleSupport": "EngineLifecycleSupport",
    "engineVersion": "EngineVersion",
    "engineVersionActual": "EngineVersion",
    "iamDatabaseAuthenticationEnabled": "IAMDatabaseAuthenticationEnabled",
    "identifier": "DBInstanceIdentifier",
    "instanceClass": "DBInstanceClass",
    "iops": "Iops",
    "kmsKeyId": "KmsKeyId",
    "licenseModel": "LicenseModel",
    "maintenanceWindow": "PreferredMaintenanceWindow",
    "maxAllocatedStorage": "MaxAllocatedStorage",
    "monitoringInterval": "MonitoringInterval",
    "monitoringRoleArn": "MonitoringRoleArn",
    "multiAz": "MultiAZ",
    "networkType": "NetworkType",
    "performanceInsightsEnabled": "PerformanceInsightsEnabled",
    "performanceInsightsKmsKeyId": "PerformanceInsightsKMSKeyId",
    "performanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
    "publiclyAccessible": "PubliclyAccessible",
    "replicas": "ReadReplicaDBInstanceIdentifiers",
    "replicateSourceDb": "ReadReplicaSourceDBInstanceIdentifier",
    "resourceId": "DbiResourceId",
    "status": "DBInstanceStatus",
    "storageEncrypted": "StorageEncrypted",
    "storageThroughput": "StorageThroughput",
    "storageType": "StorageType",
    "upgradeRolloutOrder": "UpgradeRolloutOrder",
    "username": "MasterUsername",
}
"""By property, what RDS calls the same thing in its answer."""


def view(instance: Properties) -> Properties:
    """Return the properties of a described instance; what RDS does not tell is left out."""
    told = {name: instance[key] for name, key in _SAME.items() if instance.get(key) is not None}
    return {
        "dedicatedLogVolume": bool(instance.get("DedicatedLogVolume")),
        "publiclyAccessible": bool(instance.get("PubliclyAccessible")),
        **told,
        **_groups(instance),
        **_endpoint(instance),
        **_master_secret(instance),
        "tags": from_pairs(instance.get("TagList")),
    }


def _groups(instance: Properties) -> Properties:
    groups: Properties = {
        "vpcSecurityGroupIds": [group["VpcSecurityGroupId"] for group in instance["VpcSecurityGroups"]]
    }
    if instance.get("DBSubnetGroup"):
        groups["dbSubnetGroupName"] = instance["DBSubnetGroup"]["DBSubnetGroupName"]
    for group in instance.get("DBParameterGroups", ())[:1]:
        groups["parameterGroupName"] = group["DBParameterGroupName"]
    for group in instance.get("OptionGroupMemberships", ())[:1]:
        groups["optionGroupName"] = group["OptionGroupName"]
    return groups


def _endpoint(instance: Properties) -> Properties:
    shown: Properties = {}
    endpoint = instance.get("Endpoint")
    if endpoint:
        shown |= {
            "address": endpoint["Address"],
            "endpoint": f"{endpoint['Address']}:{endpoint['Port']}",
            "hostedZoneId": endpoint.get("HostedZoneId", ""),
            "port": endpoint["Port"],
        }
    if instance.get("DbInstancePort"):
        # The port that was asked for; a local endpoint's is another one, because all share this machine.
        shown["port"] = instance["DbInstancePort"]
    latest: Value = instance.get("LatestRestorableTime")
    if latest is not None:
        shown["latestRestorableTime"] = latest.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return shown


def _master_secret(instance: Properties) -> Properties:
    secret = instance.get("MasterUserSecret")
    if not secret:
        return {"masterUserSecrets": []}
    return {
        "manageMasterUserPassword": True,
        "masterUserSecretKmsKeyId": secret.get("KmsKeyId"),
        "masterUserSecrets": [
            {
                "kmsKeyId": secret.get("KmsKeyId"),
                "secretArn": secret["SecretArn"],
                "secretStatus": secret.get("SecretStatus"),
            }
        ],
    }
