"""Automated backups are described in full and can be deleted; LatestRestorableTime trails, as on AWS.

Stock moto answers only a name and a status, knows no DeleteDBInstanceAutomatedBackup, and restores to "now".
"""

from __future__ import annotations

from datetime import datetime

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.backups import AutomatedBackup, find_database, records_of, refresh_own, window_of
from localcloud.aws.rds.refusal import BAD_COMBINATION, NO_BACKUP, NOT_FOUND, refusal
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_FILTERS = {
    "db-instance-id": ("db_instance_identifier", "db_instance_arn"),
    "dbi-resource-id": ("dbi_resource_id",),
    "status": ("status",),
}


def _patch_models(models: MotoObject, world: World) -> None:
    def latest(self: MotoObject) -> datetime | None:
        window = window_of(self, world) if self.backup_retention_period else None
        return window[1] if window else None

    models.DBInstance.latest_restorable_time = property(latest)


def _patch_responses(responses: MotoObject, world: World) -> None:
    core = responses

    def describe(self: MotoObject) -> MotoObject:
        refresh_own(self.backend, world)
        wanted = _wanted(self.params)
        found = [_answer(self.backend, record) for record in records_of(self.backend).values()]
        matching = [record for record in found if _matches(record, wanted)]
        if not matching and (name := self.params.get("DBInstanceIdentifier")):
            raise refusal(NOT_FOUND, f"DBInstance {name} not found.")
        return core.ActionResult({"DBInstanceAutomatedBackups": matching})

    def delete(self: MotoObject) -> MotoObject:
        record = _named(self.backend, self.params, world)
        if find_database(self.backend, record) is not None and not record.is_stopped:
            message = f"the automated backup of {record.db_instance_identifier} is in use"
            raise refusal("InvalidDBInstanceAutomatedBackupState", message)
        world.servers.on_delete_backups(record.dbi_resource_id, record.region, self.backend.region_name)
        del records_of(self.backend)[record.db_instance_automated_backups_arn]
        return core.ActionResult({"DBInstanceAutomatedBackup": _answer(self.backend, record)})

    core.RDSResponse.describe_db_instance_automated_backups = describe
    core.RDSResponse.delete_db_instance_automated_backup = delete


def _wanted(parameters: MotoObject) -> dict[tuple[str, ...], list[str]]:
    wanted = {_FILTERS.get(item["Name"], ()): list(item["Values"]) for item in parameters.get("Filters", [])}
    for parameter, attributes in {
        "DBInstanceIdentifier": ("db_instance_identifier",),
        "DbiResourceId": ("dbi_resource_id",),
        "DBInstanceAutomatedBackupsArn": ("db_instance_automated_backups_arn",),
    }.items():
        if parameters.get(parameter):
            wanted[attributes] = [parameters[parameter]]
    return wanted


def _matches(record: AutomatedBackup, wanted: dict[tuple[str, ...], list[str]]) -> bool:
    return all(
        any(getattr(record, attribute) in values for attribute in attributes)
        for attributes, values in wanted.items()
    )


def _answer(backend: MotoObject, record: AutomatedBackup) -> MotoObject:
    database = find_database(backend, record)
    in_use = "replicating" if record.is_replicated else "active"
    record.__dict__["status"] = in_use if database is not None and not record.is_stopped else "retained"
    return record


def _named(backend: MotoObject, parameters: MotoObject, world: World) -> AutomatedBackup:
    arn, resource_id = parameters.get("DBInstanceAutomatedBackupsArn"), parameters.get("DbiResourceId")
    if bool(arn) == bool(resource_id):
        raise refusal(BAD_COMBINATION, "give either DbiResourceId or DBInstanceAutomatedBackupsArn")
    refresh_own(backend, world)
    for record in records_of(backend).values():
        if (arn or resource_id) in {record.db_instance_automated_backups_arn, record.dbi_resource_id}:
            return record
    raise refusal(NO_BACKUP, f"automated backup {arn or resource_id} not found")


REPAIR = Repair(
    name="rds_automated_backups",
    service="rds",
    what=(
        "backups had no ARN, resource id or window; retained ones could not be deleted; the window ended now"
    ),
    operations=("DescribeDBInstanceAutomatedBackups", "DeleteDBInstanceAutomatedBackup"),
    patches=(("moto.rds.models", _patch_models), ("moto.rds.responses", _patch_responses)),
)
