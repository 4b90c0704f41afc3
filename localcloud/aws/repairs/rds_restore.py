"""Restores take the right source, honour every override, and check the window.

Stock moto restores the first instance of the region when asked by resource id or backup ARN, right or wrong;
it ignores overrides that are False and accepts any time. What a restore keeps and loses is in
`rds/restorable.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.backups import find_backup, window_of
from localcloud.aws.rds.refusal import BAD_COMBINATION, BAD_VALUE, NO_BACKUP, NO_PITR, NOT_FOUND, refusal
from localcloud.aws.rds.restorable import Settings, merge_given, restorable_settings
from localcloud.aws.rds.servers import RestoreSource
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_SOURCES = (
    "source_db_instance_identifier",
    "source_dbi_resource_id",
    "source_db_instance_automated_backups_arn",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _PointInTime:
    """Where a point-in-time restore starts from; a replicated chain may end before its source's does."""

    resource_id: str
    settings: Settings
    earliest_at: datetime
    latest_at: datetime
    is_replicated: bool = False


def _patch(models: MotoObject, world: World) -> None:
    def from_snapshot(self: MotoObject, from_snapshot_id: str, overrides: MotoObject) -> MotoObject:
        if from_snapshot_id.startswith("arn:"):
            from_snapshot_id = self.extract_snapshot_name_from_arn(from_snapshot_id)
        found = self.describe_db_snapshots(
            db_instance_identifier=None, db_snapshot_identifier=from_snapshot_id
        )
        snapshot = found[0]
        if snapshot.status != "available":
            raise refusal("InvalidDBSnapshotState", f"snapshot {from_snapshot_id} is {snapshot.status}")
        kept = restorable_settings(snapshot.database)
        kept |= {"kms_key_id": snapshot.kms_key_id, "storage_encrypted": snapshot.encrypted}
        return _create(self, kept, dict(overrides.items()))

    def to_point_in_time(
        self: MotoObject, _source: str | None, target_db_identifier: str, overrides: MotoObject
    ) -> MotoObject:
        given = dict(overrides.items())
        source = _find_source(self, given, world)
        _check_moment(given, source)
        given["db_instance_identifier"] = target_db_identifier
        return _create(self, source.settings, given)

    def source_of(self: MotoObject, given: Settings) -> RestoreSource:
        source = _find_source(self, given, world)
        return RestoreSource(
            source_resource_id=source.resource_id,
            replicated_to=self.region_name if source.is_replicated else "",
            restore_at=source.latest_at if source.is_replicated else None,
        )

    models.RDSBackend.point_in_time_source = source_of
    models.RDSBackend.restore_db_instance_from_db_snapshot = from_snapshot
    models.RDSBackend.restore_db_instance_to_point_in_time = to_point_in_time


def _create(backend: MotoObject, kept: Settings, given: Settings) -> MotoObject:
    least, wanted = kept["allocated_storage"], given.get("allocated_storage")
    if isinstance(wanted, int) and isinstance(least, int) and wanted < least:
        raise refusal(BAD_VALUE, "The allocated storage size can't be less than the source's size.")
    for name in _SOURCES:
        given.pop(name, None)
    return backend.create_db_instance(merge_given(kept, given))


def _find_source(backend: MotoObject, given: Mapping[str, object], world: World) -> _PointInTime:
    named = [name for name in _SOURCES if given.get(name)]
    if len(named) != 1:
        raise refusal(BAD_COMBINATION, "name the source by identifier, resource id or automated backup, once")
    value = str(given[named[0]])
    if named[0] == "source_db_instance_automated_backups_arn":
        return _from_backup(backend, value, world)
    by_identifier = named[0] == "source_db_instance_identifier"
    for database in backend.databases.values():
        if value == (database.db_instance_identifier if by_identifier else database.dbi_resource_id):
            return _from_database(database, world)
    if by_identifier:
        raise refusal(NOT_FOUND, f"DBInstance {value} not found.")
    return _from_backup(backend, value, world)


def _from_database(database: MotoObject, world: World) -> _PointInTime:
    if not database.backup_retention_period:
        message = (
            f"point-in-time restore is not enabled for {database.db_instance_identifier}: its retention is 0"
        )
        raise refusal(NO_PITR, message)
    window = window_of(database, world)
    if window is None:
        message = f"{database.db_instance_identifier} cannot be restored before its first backup is there"
        raise refusal("InvalidRestoreFault", message)
    return _PointInTime(
        resource_id=database.dbi_resource_id,
        settings=restorable_settings(database),
        earliest_at=window[0],
        latest_at=window[1],
    )


def _from_backup(backend: MotoObject, name: str, world: World) -> _PointInTime:
    backup = find_backup(backend, name, world)
    if backup is None:
        raise refusal(NO_BACKUP, f"automated backup {name} not found in {backend.region_name}")
    if backup.window is None:
        raise refusal("InvalidRestoreFault", f"nothing of automated backup {name} has arrived yet")
    return _PointInTime(
        resource_id=backup.dbi_resource_id,
        settings={**backup.settings, "kms_key_id": backup.kms_key_id},
        earliest_at=backup.window[0],
        latest_at=backup.window[1],
        is_replicated=backup.is_replicated,
    )


def _check_moment(given: Settings, source: _PointInTime) -> None:
    moment = given.pop("restore_time", None)
    is_latest = bool(given.pop("use_latest_restorable_time", None))
    if is_latest == (moment is not None):
        raise refusal(BAD_COMBINATION, "give either RestoreTime or UseLatestRestorableTime")
    if isinstance(moment, datetime):
        moment_at = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if not source.earliest_at <= moment_at <= source.latest_at:
            message = (
                f"cannot restore to {moment_at.isoformat()}: the window is {source.earliest_at.isoformat()} "
                f"to {source.latest_at.isoformat()}"
            )
            raise refusal(BAD_VALUE, message)


REPAIR = Repair(
    name="rds_restore",
    service="rds",
    what=(
        "a restore by resource id or backup ARN took the first instance of the region, and any time was "
        "accepted"
    ),
    operations=("RestoreDBInstanceFromDBSnapshot", "RestoreDBInstanceToPointInTime"),
    patches=(("moto.rds.models", _patch),),
)
