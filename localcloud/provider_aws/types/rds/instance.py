"""RDS database instances, known by their resource id, which outlives every rename.

What makes, changes and describes an instance is decided by the pure modules beside this one.
"""

from __future__ import annotations

from lifeboat.core.errors import Refused
from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.resource_type import ResourceType
from localcloud.provider_aws.types.rds.instance_check import NAMES, check
from localcloud.provider_aws.types.rds.instance_origin import origin_of, require_enough
from localcloud.provider_aws.types.rds.instance_state import find, resource_id_of, wait_until_gone
from localcloud.provider_aws.types.rds.instance_update import finish, update
from localcloud.provider_aws.types.rds.instance_view import view
from localcloud.provider_aws.types.rds.same_meaning import same_but_for_case, same_database


def _create(cloud: Cloud, inputs: Properties) -> str:
    require_enough(inputs)
    origin, client = origin_of(inputs), cloud.client()
    answer = getattr(client, origin.method)(**origin.arguments(client, inputs))
    return str(answer["DBInstance"]["DbiResourceId"])


def _read(cloud: Cloud, resource_id: str) -> Properties | None:
    instance = find(cloud, resource_id)
    return None if instance is None else view(instance)


def _delete(cloud: Cloud, resource_id: str, known: Properties) -> None:
    instance = find(cloud, resource_id)
    if instance is None:
        return
    if instance["DBInstanceStatus"] != "deleting":
        cloud.client().delete_db_instance(
            DBInstanceIdentifier=instance["DBInstanceIdentifier"],
            DeleteAutomatedBackups=bool(known.get("deleteAutomatedBackups", True)),
            **_last_snapshot(instance["DBInstanceIdentifier"], known),
        )
    wait_until_gone(cloud, resource_id)


def _last_snapshot(identifier: str, known: Properties) -> Properties:
    if known.get("skipFinalSnapshot"):
        return {"SkipFinalSnapshot": True}
    if not known.get("finalSnapshotIdentifier"):
        raise Refused(
            f"{identifier}: finalSnapshotIdentifier is required when skipFinalSnapshot is false",
            hint="set one of them and run `pulumi up` before destroying",
        )
    return {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": known["finalSnapshotIdentifier"]}


_A_WISH = "a wish of the program, not a property of the database"
_NOT_KEPT = "the local cloud does not keep it"
_NEVER_SHOWN = "RDS never shows a password"
_AT_CREATION = "only said when the database is made"

TYPE = ResourceType(
    type="aws:rds/instance:Instance",
    service="rds",
    create=_create,
    finish=finish,
    read=_read,
    update=update,
    delete=_delete,
    gone=frozenset({"DBInstanceNotFound"}),
    name=Autoname(key=NAMES.key, prefix_key=NAMES.prefix_key, longest=NAMES.longest, lower=True),
    check=check,
    import_id=resource_id_of,
    force_new=(
        "availabilityZone",
        "backupTarget",
        "characterSetName",
        "customIamInstanceProfile",
        "dbName",
        "engine",
        "engineLifecycleSupport",
        "kmsKeyId",
        "ncharCharacterSetName",
        "restoreToPointInTime",
        "s3Import",
        "snapshotIdentifier",
        "storageEncrypted",
        "timezone",
        "username",
    ),
    defaults={
        "applyImmediately": False,
        "autoMinorVersionUpgrade": True,
        "copyTagsToSnapshot": False,
        "dedicatedLogVolume": False,
        "deleteAutomatedBackups": True,
        "monitoringInterval": 0,
        "performanceInsightsEnabled": False,
        "publiclyAccessible": False,
        "skipFinalSnapshot": False,
    },
    sticky=(
        "allocatedStorage",
        "availabilityZone",
        "backupRetentionPeriod",
        "backupTarget",
        "backupWindow",
        "caCertIdentifier",
        "characterSetName",
        "databaseInsightsMode",
        "dbName",
        "dbSubnetGroupName",
        "engine",
        "engineLifecycleSupport",
        "engineVersion",
        "iops",
        "kmsKeyId",
        "licenseModel",
        "maintenanceWindow",
        "masterUserSecretKmsKeyId",
        "monitoringRoleArn",
        "multiAz",
        "networkType",
        "optionGroupName",
        "parameterGroupName",
        "performanceInsightsKmsKeyId",
        "performanceInsightsRetentionPeriod",
        "port",
        "snapshotIdentifier",
        "storageThroughput",
        "storageType",
        "username",
        "vpcSecurityGroupIds",
    ),
    unordered=("enabledCloudwatchLogsExports", "vpcSecurityGroupIds"),
    same={
        "engine": same_but_for_case,
        "maintenanceWindow": same_but_for_case,
        "replicateSourceDb": same_database,
    },
    hidden=frozenset({"passwordWo"}),
    write_only={
        "allowMajorVersionUpgrade": _A_WISH,
        "applyImmediately": _A_WISH,
        "backupTarget": _NOT_KEPT,
        "blueGreenUpdate": _A_WISH,
        "customerOwnedIpEnabled": _NOT_KEPT,
        "databaseInsightsMode": _NOT_KEPT,
        "deleteAutomatedBackups": _A_WISH,
        "engineLifecycleSupport": _NOT_KEPT,
        "finalSnapshotIdentifier": _A_WISH,
        "identifierPrefix": "the service only knows the resulting name",
        "networkType": _NOT_KEPT,
        "password": _NEVER_SHOWN,
        "passwordWo": _NEVER_SHOWN,
        "passwordWoVersion": _NEVER_SHOWN,
        "restoreToPointInTime": _AT_CREATION,
        "skipFinalSnapshot": _A_WISH,
        "snapshotIdentifier": _AT_CREATION,
    },
)
