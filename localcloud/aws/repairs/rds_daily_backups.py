"""Automated snapshots are taken daily in the backup window and end with the retention; so do kept backups.

Stock moto takes one at creation, keeps it for ever, and lets anybody delete it. The day is the cloud's, which
can be advanced: after a leap over several days one snapshot is taken, not one for each.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.backups import AutomatedBackup, aware, find_database, records_of
from localcloud.aws.rds.facts import facts_of
from localcloud.aws.rds.refusal import refusal
from localcloud.aws.rds.transition import begin_transition
from localcloud.aws.rds.windows import daily_window
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_TAKEN = "lifeboat_backed_up_at"
_AUTOMATED = "automated"


def _patch_models(models: MotoObject, world: World) -> None:
    def look() -> bool:
        now = world.clock.now()
        backends = [backend for _, _, backend in models.rds_backends.iter_backends()]
        return any([_look(backend, now, world) for backend in backends])

    world.background.register("rds-daily-backups", look)


def _look(backend: MotoObject, now: datetime, world: World) -> bool:
    due = [one for one in list(backend.databases.values()) if _is_due(one, now)]
    for database in due:
        _take(backend, database, now, world)
    old = list(_old_snapshots(backend, now))
    for snapshot in old:
        world.servers.on_snapshot_delete(snapshot.arn)
        del backend.database_snapshots[snapshot.db_snapshot_identifier]
    return bool(due or old) | _expire_kept(backend, now, world)


def _is_due(database: MotoObject, now: datetime) -> bool:
    is_clustered = database.db_cluster_identifier is not None
    if is_clustered or not database.backup_retention_period or database.status != "available":
        return False
    window = daily_window(str(database.preferred_backup_window))
    taken_at = database.__dict__.setdefault(_TAKEN, aware(database.instance_create_time))
    return window is not None and window.next_start(taken_at) <= now


def _take(backend: MotoObject, database: MotoObject, now: datetime, world: World) -> None:
    before = set(backend.database_snapshots)
    database.__dict__[_TAKEN] = now
    database.save_automated_backup()
    for name in set(backend.database_snapshots) - before:
        snapshot = backend.database_snapshots[name]
        world.servers.on_snapshot(facts_of(database), snapshot.arn)
        begin_transition(snapshot, "creating", world)


def _old_snapshots(backend: MotoObject, now: datetime) -> Iterator[MotoObject]:
    days = {one.dbi_resource_id: one.backup_retention_period for one in backend.databases.values()}
    for snapshot in list(backend.database_snapshots.values()):
        kept = days.get(snapshot.dbi_resource_id, snapshot.database.backup_retention_period)
        taken_at = aware(snapshot.snapshot_create_time)
        if snapshot.snapshot_type == _AUTOMATED and taken_at + _days(kept) < now:
            yield snapshot


def _expire_kept(backend: MotoObject, now: datetime, world: World) -> bool:
    """Forget the backups of databases that are gone once nothing in them is within the retention."""
    records = records_of(backend)
    ended = [
        (arn, record)
        for arn, record in list(records.items())
        if _is_over(record, now) and (record.is_stopped or find_database(backend, record) is None)
    ]
    for arn, record in ended:
        world.servers.on_delete_backups(record.dbi_resource_id, record.region, backend.region_name)
        del records[arn]
    return bool(ended)


def _days(number: int) -> timedelta:
    return timedelta(days=number)


def _is_over(record: AutomatedBackup, now: datetime) -> bool:
    return record.latest_at is not None and record.latest_at + _days(record.backup_retention_period) < now


def _patch_responses(responses: MotoObject, _world: World) -> None:
    delete = responses.RDSResponse.delete_db_snapshot

    def delete_manual(self: MotoObject) -> MotoObject:
        name = self.params["DBSnapshotIdentifier"]
        snapshot = self.backend.database_snapshots.get(name)
        if snapshot is not None and snapshot.snapshot_type == _AUTOMATED:
            message = f"Only manual snapshots may be deleted; {name} is an automated one."
            raise refusal("InvalidDBSnapshotState", message)
        return delete(self)

    responses.RDSResponse.delete_db_snapshot = delete_manual


REPAIR = Repair(
    name="rds_daily_backups",
    service="rds",
    what="automated snapshots were taken once, kept for ever, deleted by anybody; kept backups never ended",
    operations=("DescribeDBSnapshots", "DeleteDBSnapshot", "DescribeDBInstanceAutomatedBackups"),
    patches=(("moto.rds.models", _patch_models), ("moto.rds.responses", _patch_responses)),
)
