"""A deletion asks for a final snapshot or the explicit wish for none, and leaves consistent replicas.

Stock moto deletes without either, fails for cross-region replicas after the instance is gone, and forgets
what happens to replicas: those of the same region become independent, those elsewhere stop replicating.
"""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.backups import records_of, refresh_own
from localcloud.aws.rds.links import cut_link, replicas_of
from localcloud.aws.rds.refusal import BAD_COMBINATION, NOT_FOUND, refusal
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World


def _patch(models: MotoObject, world: World) -> None:
    def delete(
        self: MotoObject,
        db_instance_identifier: str,
        final_db_snapshot_identifier: str | None = None,
        skip_final_snapshot: bool | None = False,
        delete_automated_backups: bool | None = True,
    ) -> MotoObject:
        database = self.databases.get(db_instance_identifier)
        if database is None:
            raise refusal(NOT_FOUND, f"DBInstance {db_instance_identifier} not found.")
        _check(database, final_db_snapshot_identifier, skip_final_snapshot)
        if final_db_snapshot_identifier:
            self.create_db_snapshot(db_instance_identifier, final_db_snapshot_identifier)
        refresh_own(self, world)
        _release_replicas(models, database)
        del self.databases[db_instance_identifier]
        if getattr(database, "manage_master_user_password", False):
            database.master_user_secret.delete_secret()
        if delete_automated_backups is not False:
            _delete_backups(self, database)
        database.status = "deleting"
        return database

    models.RDSBackend.delete_db_instance = delete


def _check(database: MotoObject, final_name: str | None, skip: bool | None) -> None:
    if database.deletion_protection:
        message = "Cannot delete protected DB Instance, please disable deletion protection and try again."
        raise refusal(BAD_COMBINATION, message)
    # RDS makes no final snapshot of a replica, and asks for none.
    if final_name and getattr(database, "source_resource_id", None) is not None:
        message = "FinalDBSnapshotIdentifier can not be specified when deleting a replica instance."
        raise refusal(BAD_COMBINATION, message)
    is_alone = (
        getattr(database, "source_resource_id", None) is None and database.db_cluster_identifier is None
    )
    if is_alone and not skip and not final_name:
        message = "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
        raise refusal(BAD_COMBINATION, message)
    if skip and final_name:
        message = "FinalDBSnapshotIdentifier can not be specified when SkipFinalSnapshot is specified."
        raise refusal(BAD_COMBINATION, message)


def _release_replicas(models: MotoObject, database: MotoObject) -> None:
    for replica in replicas_of(models, database):
        if replica.region == database.region:
            cut_link(replica)


def _delete_backups(backend: MotoObject, database: MotoObject) -> None:
    for name, snapshot in list(backend.database_snapshots.items()):
        if snapshot.snapshot_type == "automated" and snapshot.dbi_resource_id == database.dbi_resource_id:
            del backend.database_snapshots[name]
    for arn, record in list(records_of(backend).items()):
        if record.dbi_resource_id == database.dbi_resource_id and not record.is_replicated:
            del records_of(backend)[arn]


REPAIR = Repair(
    name="rds_deletion",
    service="rds",
    what=(
        "a deletion without final snapshot or the wish for none succeeded; one of a distant replica "
        "failed halfway"
    ),
    operations=("DeleteDBInstance",),
    patches=(("moto.rds.models", _patch),),
)
