"""Which argument of the RDS API stands for which property of an instance.

Pure tables and choices; which operation takes which argument is asked of boto3's own service model, so that
nothing is sent that RDS would not take.
"""

from __future__ import annotations

from collections.abc import Mapping

from lifeboat.providerkit.values import Properties, Value

CREATING: Mapping[str, str] = {
    "allocatedStorage": "AllocatedStorage",
    "autoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "availabilityZone": "AvailabilityZone",
    "backupRetentionPeriod": "BackupRetentionPeriod",
    "backupTarget": "BackupTarget",
    "backupWindow": "PreferredBackupWindow",
    "caCertIdentifier": "CACertificateIdentifier",
    "characterSetName": "CharacterSetName",
    "copyTagsToSnapshot": "CopyTagsToSnapshot",
    "databaseInsightsMode": "DatabaseInsightsMode",
    "dbName": "DBName",
    "dbSubnetGroupName": "DBSubnetGroupName",
    "deletionProtection": "DeletionProtection",
    "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "engine": "Engine",
    "engineLifecycleSupport": "EngineLifecycleSupport",
    "engineVersion": "EngineVersion",
    "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
    "instanceClass": "DBInstanceClass",
    "iops": "Iops",
    "kmsKeyId": "KmsKeyId",
    "licenseModel": "LicenseModel",
    "maintenanceWindow": "PreferredMaintenanceWindow",
    "manageMasterUserPassword": "ManageMasterUserPassword",
    "masterUserSecretKmsKeyId": "MasterUserSecretKmsKeyId",
    "maxAllocatedStorage": "MaxAllocatedStorage",
    "monitoringInterval": "MonitoringInterval",
    "monitoringRoleArn": "MonitoringRoleArn",
    "multiAz": "MultiAZ",
    "networkType": "NetworkType",
    "optionGroupName": "OptionGroupName",
    "parameterGroupName": "DBParameterGroupName",
    "password": "MasterUserPassword",
    "passwordWo": "MasterUserPassword",
    "performanceInsightsEnabled": "EnablePerformanceInsights",
    "performanceInsightsKmsKeyId": "PerformanceInsightsKMSKeyId",
    "performanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
    "port": "Port",
    "publiclyAccessible": "PubliclyAccessible",
    "storageEncrypted": "StorageEncrypted",
    "storageThroughput": "StorageThroughput",
    "storageType": "StorageType",
    "username": "MasterUsername",
    "vpcSecurityGroupIds": "VpcSecurityGroupIds",
}
"""By property, the argument of the operations that make an instance."""

MODIFYING: Mapping[str, str] = {
    **CREATING,
    "identifier": "NewDBInstanceIdentifier",
    "port": "DBPortNumber",
}
"""By property, the argument of ModifyDBInstance."""

MEANS_SOMETHING_AT_0 = frozenset({"backupRetentionPeriod", "monitoringInterval"})


def taken(client: Value, method: str, arguments: Mapping[str, str]) -> frozenset[str]:
    """Return the properties that an operation has an argument for.

    Args:
        client: the boto3 client.
        method: boto3's name of the operation.
        arguments: one of the tables above.
    """
    operation = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method])
    members = operation.input_shape.members
    return frozenset(name for name, argument in arguments.items() if argument in members)


def given(inputs: Properties, names: frozenset[str]) -> Properties:
    """Return the named inputs that say something: nothing, an empty text and most zeros do not."""
    return {
        name: inputs[name]
        for name in sorted(names)
        if inputs.get(name) not in (None, "", [])
        and (inputs[name] is False or inputs[name] != 0 or name in MEANS_SOMETHING_AT_0)
    }
