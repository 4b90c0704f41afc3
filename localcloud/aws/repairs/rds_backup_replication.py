"""Automated backups are replicated to another region; stock moto has neither operation.

The replicated record advances with the source while both regions are reachable, and keeps what it has when
the source is cut off or gone: that is what a restore in the second region starts from.
"""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.backups import (
    AutomatedBackup,
    find_database,
    records_of,
    replicated_records,
    window_of,
)
from localcloud.aws.rds.facts import facts_of
from localcloud.aws.rds.refusal import BAD_COMBINATION, BAD_VALUE, NO_BACKUP, NO_KEY, WRONG_STATE, refusal
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_DEFAULT_RETENTION_DAYS = 7


def _patch_models(models: MotoObject, world: World) -> None:
    def advance() -> bool:
        replicated = replicated_records(models.rds_backends.iter_backends())
        return any([_advance(backend, record, world) for backend, record in replicated])

    def replications(self: MotoObject) -> list[dict[str, str]]:
        return [
            {"DBInstanceAutomatedBackupsArn": record.db_instance_automated_backups_arn}
            for _, record in replicated_records(models.rds_backends.iter_backends())
            if record.dbi_resource_id == self.dbi_resource_id and not record.is_stopped
        ]

    world.background.register("rds-backup-replication", advance)
    models.DBInstance.db_instance_automated_backups_replications = property(replications)


def _advance(backend: MotoObject, record: AutomatedBackup, world: World) -> bool:
    is_cut = world.faults.is_region_down(record.region) or world.faults.is_region_down(backend.region_name)
    database = find_database(backend, record)
    if record.is_stopped:
        return False
    own = None
    if database is not None and not is_cut:
        record.refresh(database)
        own = window_of(database, world) if database.backup_retention_period else None
    arrived = world.servers.arrived(record.dbi_resource_id, backend.region_name, own)
    if arrived is None:
        return False
    before = record.latest_at
    record.reach(arrived)
    return record.latest_at != before


def _patch_responses(responses: MotoObject, world: World) -> None:
    def start(self: MotoObject) -> MotoObject:
        source = _replicable(self.backend, self.params["SourceDBInstanceArn"])
        days = self.params.get("BackupRetentionPeriod") or _DEFAULT_RETENTION_DAYS
        record = AutomatedBackup(self.backend, source, retention_days=days)
        record.kms_key_id = _key(self.backend, source, self.params.get("KmsKeyId"))
        world.servers.on_replicate_backups(facts_of(source), self.backend.region_name, days)
        _advance(self.backend, record, world)
        records_of(self.backend)[record.db_instance_automated_backups_arn] = record
        record.__dict__["status"] = "pending"
        return responses.ActionResult({"DBInstanceAutomatedBackup": record})

    def stop(self: MotoObject) -> MotoObject:
        arn = self.params["SourceDBInstanceArn"]
        for record in records_of(self.backend).values():
            if record.is_replicated and record.db_instance_arn == arn and not record.is_stopped:
                region = self.backend.region_name
                world.servers.on_stop_replicating(record.dbi_resource_id, record.region, region)
                record.is_stopped = True
                record.__dict__["status"] = "retained"
                return responses.ActionResult({"DBInstanceAutomatedBackup": record})
        raise refusal(NO_BACKUP, f"no backups of {arn} are replicated to {self.backend.region_name}")

    responses.RDSResponse.start_db_instance_automated_backups_replication = start
    responses.RDSResponse.stop_db_instance_automated_backups_replication = stop


def _replicable(backend: MotoObject, arn: str) -> MotoObject:
    source = backend.find_db_from_id(arn)
    if source.region == backend.region_name:
        raise refusal(BAD_VALUE, "the source must be in another region than this call")
    if not source.backup_retention_period:
        raise refusal(WRONG_STATE, f"automated backups are not enabled for {source.db_instance_identifier}")
    for record in records_of(backend).values():
        if record.dbi_resource_id == source.dbi_resource_id and not record.is_stopped:
            message = f"backups of {source.db_instance_identifier} are already replicated to this region"
            raise refusal(BAD_COMBINATION, message)
    return source


def _key(backend: MotoObject, source: MotoObject, key: str | None) -> str | None:
    if not source.storage_encrypted:
        return None
    if not key:
        raise refusal(NO_KEY, "an encrypted source needs a KmsKeyId of this region")
    return str(backend._validate_kms_key(key))


REPAIR = Repair(
    name="rds_backup_replication",
    service="rds",
    what="cross-region replication of automated backups did not exist; the copy stops advancing when cut off",
    operations=(
        "StartDBInstanceAutomatedBackupsReplication",
        "StopDBInstanceAutomatedBackupsReplication",
        "DescribeDBInstanceAutomatedBackups",
    ),
    patches=(("moto.rds.models", _patch_models), ("moto.rds.responses", _patch_responses)),
)
