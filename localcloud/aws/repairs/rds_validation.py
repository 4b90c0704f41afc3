"""What RDS refuses is refused, before anything is changed; what is left out gets RDS's kind of default.

Stock moto takes any class, version, password, retention, storage size, security group and key, and deletes
groups that are in use, after which every look at their databases fails.
"""

from __future__ import annotations

from collections.abc import Callable

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.refusal import BAD_COMBINATION, BAD_VALUE, NO_KEY, refusal
from localcloud.aws.rds.rules import (
    check_class,
    check_master,
    check_upgrade,
    check_values,
    check_windows,
    free_backup_window,
    major_of,
)
from localcloud.aws.rds.storage_rules import check_storage, grown
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

Check = Callable[[MotoObject, MotoObject, World], None]
"""Called with the region's backend, the request's parameters and the world; it may fill in parameters."""

_ENGINE = "postgres"
_NEWEST_FIRST = (17, 16, 18, 15, 14, 13)
_DEFAULT_GIB = 20


def _patch_responses(responses: MotoObject, world: World) -> None:
    for operation, check in {
        "create_db_instance": _check_creation,
        "create_db_instance_read_replica": _check_copy,
        "restore_db_instance_from_db_snapshot": _check_copy,
        "restore_db_instance_to_point_in_time": _check_copy,
        "modify_db_instance": _check_change,
    }.items():
        _check_before(responses.RDSResponse, operation, check, world)


def _check_before(response: MotoObject, operation: str, check: Check, world: World) -> None:
    original = getattr(response, operation)

    def answer(self: MotoObject) -> MotoObject:
        # Members of Aurora clusters have rules of their own, which are not emulated.
        if not self.params.get("DBClusterIdentifier"):
            check(self.backend, self.params, world)
        return original(self)

    setattr(response, operation, answer)


def _check_creation(backend: MotoObject, given: MotoObject, world: World) -> None:
    check_values(given)
    check_master(given)
    backup, maintenance = given.get("PreferredBackupWindow"), given.get("PreferredMaintenanceWindow")
    check_windows(backup, maintenance)
    if maintenance and not backup:
        given["PreferredBackupWindow"] = free_backup_window(maintenance)
    _check_place(backend, given)
    if given.get("Engine") == _ENGINE:
        _check_engine(given, world)
        kind = given.get("StorageType") or ("io1" if given.get("Iops") else "gp2")
        check_storage(int(given.get("AllocatedStorage") or _DEFAULT_GIB), kind, given)
    if given.get("StorageEncrypted") and given.get("KmsKeyId"):
        given["KmsKeyId"] = backend._validate_kms_key(given["KmsKeyId"])


def _check_engine(given: MotoObject, world: World) -> None:
    if not given.get("EngineVersion"):
        major = next((one for one in _NEWEST_FIRST if world.servers.has_engine(one)), _NEWEST_FIRST[0])
        given["EngineVersion"] = str(major)
    version = str(given["EngineVersion"])
    _require_here(version, world)
    check_class(str(given["DBInstanceClass"]), version)


def _require_here(version: str, world: World) -> None:
    major = major_of(version)
    if not world.servers.has_engine(major):
        message = (
            f"Cannot find version {version} for postgres: postgresql {major} is not there, so it is "
            "not supported by the local cloud"
        )
        raise refusal(BAD_COMBINATION, message)


def _check_copy(backend: MotoObject, given: MotoObject, _world: World) -> None:
    """Check a replica or a restored instance: what is not given is its source's, and was checked there."""
    check_values(given)
    check_windows(given.get("PreferredBackupWindow"), given.get("PreferredMaintenanceWindow"))
    _check_place(backend, given)
    if given.get("DBInstanceClass") and given.get("Engine", _ENGINE) == _ENGINE:
        check_class(str(given["DBInstanceClass"]), "the source's")


def _check_change(backend: MotoObject, given: MotoObject, world: World) -> None:
    database = backend.find_db_from_id(given["DBInstanceIdentifier"])
    check_values(given)
    check_windows(
        given.get("PreferredBackupWindow") or database.preferred_backup_window,
        given.get("PreferredMaintenanceWindow") or database.preferred_maintenance_window,
    )
    _check_groups(backend, given)
    if database.engine != _ENGINE:
        return
    if given.get("DBInstanceClass"):
        check_class(str(given["DBInstanceClass"]), str(database.engine_version))
    _check_new_version(database, given, world)
    _check_new_storage(database, given)


def _check_new_version(database: MotoObject, given: MotoObject, world: World) -> None:
    after = given.get("EngineVersion")
    if not after:
        return
    before = str(database.engine_version)
    check_upgrade(before, after, is_major_allowed=bool(given.get("AllowMajorVersionUpgrade")))
    _require_here(after, world)
    if major_of(after) != major_of(before) and not world.servers.can_upgrade():
        message = f"an upgrade from {before} to {after} is not supported by the local cloud"
        raise refusal(BAD_COMBINATION, message)


def _check_new_storage(database: MotoObject, given: MotoObject) -> None:
    size = int(database.allocated_storage)
    if given.get("AllocatedStorage"):
        size = given["AllocatedStorage"] = grown(size, int(given["AllocatedStorage"]))
    kind = given.get("StorageType") or database.storage_type
    if {"allocated_storage", "storage_type", "iops", "storage_throughput"} & set(given):
        check_storage(size, kind, given)


def _check_place(backend: MotoObject, given: MotoObject) -> None:
    if given.get("MultiAZ") and given.get("AvailabilityZone"):
        message = "Requesting a specific availability zone is not valid for Multi-AZ instances."
        raise refusal(BAD_COMBINATION, message)
    _check_groups(backend, given)


def _check_groups(backend: MotoObject, given: MotoObject) -> None:
    for group_id in given.get("VpcSecurityGroupIds") or []:
        ec2 = backend.get_backend("ec2", backend.region_name, backend.account_id)
        if ec2.get_security_group_from_id(group_id) is None:
            raise refusal(BAD_VALUE, f"Invalid security group , groupId= {group_id}, groupName=.")
    if name := given.get("DBSubnetGroupName"):
        # It raises what RDS answers when there is none in this region.
        backend.describe_db_subnet_groups(name)


def _patch_models(models: MotoObject, _world: World) -> None:
    backend_class = models.RDSBackend
    validate = backend_class._validate_kms_key

    def validate_enabled(self: MotoObject, kms_key_id: str) -> str:
        try:
            arn = str(validate(self, kms_key_id))
        except models.RDSClientError:
            raise
        except Exception as error:
            # moto's KMS raises an error of its own, which is not one of RDS.
            raise _no_key(kms_key_id) from error
        if self.kms.describe_key(arn.rpartition("/")[2]).key_state != "Enabled":
            raise _no_key(kms_key_id)
        return arn

    backend_class._validate_kms_key = validate_enabled
    _keep_used(backend_class, "delete_db_parameter_group", "InvalidDBParameterGroupState", _parameter_group)
    _keep_used(backend_class, "delete_subnet_group", "InvalidDBSubnetGroupStateFault", _subnet_group)


def _no_key(name: str) -> Exception:
    message = f"The specified KMS key [{name}] does not exist, is not enabled or you do not have permissions."
    return refusal(NO_KEY, message)


def _keep_used(
    backend_class: MotoObject, method: str, code: str, group_of: Callable[[MotoObject], str | None]
) -> None:
    delete = getattr(backend_class, method)

    def delete_unused(self: MotoObject, name: str) -> MotoObject:
        users = [one.db_instance_identifier for one in self.databases.values() if group_of(one) == name]
        if users:
            message = f"One or more database instances ({', '.join(users)}) still use {name}: not deleted."
            raise refusal(code, message)
        return delete(self, name)

    setattr(backend_class, method, delete_unused)


def _parameter_group(database: MotoObject) -> str | None:
    return str(database.db_parameter_groups()[0].name)


def _subnet_group(database: MotoObject) -> str | None:
    return database._db_subnet_group_name  # type: ignore[no-any-return]


REPAIR = Repair(
    name="rds_validation",
    service="rds",
    what="unknown classes, versions, keys, groups, and sizes, windows, passwords out of bounds were accepted",
    operations=(
        "CreateDBInstance",
        "CreateDBInstanceReadReplica",
        "ModifyDBInstance",
        "RestoreDBInstanceFromDBSnapshot",
        "RestoreDBInstanceToPointInTime",
        "DeleteDBParameterGroup",
        "DeleteDBSubnetGroup",
    ),
    patches=(("moto.rds.models", _patch_models), ("moto.rds.responses", _patch_responses)),
)
