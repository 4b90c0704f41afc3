"""A database instance as a value: what a server behind it needs to know, free of moto's objects."""

from __future__ import annotations

from dataclasses import dataclass

from lifeboat.core.secret import Secret
from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.held_parameters import effective_values


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseFacts:
    """One database instance at one moment.

    Args:
        resource_id: the DbiResourceId, which never changes and is never used twice.
        identifier: the name, which a rename changes.
        parameters: the values of its parameter group, but for those that wait for a reboot.
        source_resource_id: of the primary, when this is a replica.
        multi_az: it has a hidden standby that takes over.
    """

    account_id: str
    region: str
    resource_id: str
    identifier: str
    engine: str
    engine_version: str
    port: int
    db_name: str | None
    master_username: str
    master_password: Secret
    storage_gib: int
    backup_retention_days: int
    parameters: tuple[tuple[str, str], ...]
    source_resource_id: str | None
    multi_az: bool = False


def facts_of(database: MotoObject) -> DatabaseFacts:
    """Read the facts of moto's `DBInstance`."""
    return DatabaseFacts(
        account_id=database.account_id,
        region=database.region,
        resource_id=database.dbi_resource_id,
        identifier=database.db_instance_identifier,
        engine=database.engine,
        engine_version=database.engine_version,
        port=int(database.port),
        db_name=database.db_name,
        master_username=database.master_username or "",
        master_password=Secret(getattr(database, "_master_user_password", None) or ""),
        storage_gib=int(database.allocated_storage),
        backup_retention_days=int(database.backup_retention_period),
        parameters=tuple(effective_values(database).items()),
        source_resource_id=getattr(database, "source_resource_id", None),
        multi_az=bool(database.multi_az),
    )
