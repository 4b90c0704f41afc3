"""Which replica follows which primary: asked of the databases themselves, by resource id, in every region.

Stock moto keeps names in lists on both sides, which a rename, a promotion or a deletion leaves wrong.
"""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject


def replicas_of(models: MotoObject, primary: MotoObject) -> list[MotoObject]:
    """Return the replicas that follow `primary`, in every region of its account."""
    return [
        database
        for database in _databases(models, primary.account_id)
        if getattr(database, "source_resource_id", None) == primary.dbi_resource_id
    ]


def primary_of(models: MotoObject, replica: MotoObject) -> MotoObject | None:
    """Return what `replica` follows; None when it follows nothing, or its primary is gone."""
    resource_id = getattr(replica, "source_resource_id", None)
    if resource_id is None:
        return None
    for database in _databases(models, replica.account_id):
        if database.dbi_resource_id == resource_id:
            return database
    return None


def name_seen_from(region: str, database: MotoObject) -> str:
    """Return how a region's answers name a database: by identifier at home, by ARN elsewhere."""
    is_home = database.region == region
    return str(database.db_instance_identifier if is_home else database.db_instance_arn)


def cut_link(replica: MotoObject) -> None:
    """Make a replica stand alone."""
    replica.source_resource_id = None
    replica.source_db_instance_identifier = None
    replica.is_replica = False


def _databases(models: MotoObject, account_id: str) -> list[MotoObject]:
    regions = list(models.rds_backends[account_id].values())
    return [database for backend in regions for database in backend.databases.values()]
