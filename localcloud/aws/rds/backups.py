"""Automated backups as things of their own: their window, and what remains when the database is gone.

Records lie on moto's regional RDS backend, by ARN, and are refreshed when they are looked at and by a
background job. A replicated record stops advancing while either region is cut off: that lag is what a
failover loses.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.facts import facts_of
from localcloud.aws.rds.restorable import Settings, restorable_settings
from localcloud.aws.rds.servers import Window
from localcloud.aws.world import World

_SLOT = "lifeboat_automated_backups"
_ALPHABET = string.ascii_lowercase + string.digits


class AutomatedBackup:
    """One chain of backups in one region; its attributes are the names of the API's answer."""

    def __init__(self, backend: MotoObject, database: MotoObject, *, retention_days: int) -> None:
        name = "ab-" + "".join(secrets.choice(_ALPHABET) for _ in range(26))
        account = database.account_id
        self.region = database.region
        self.db_instance_automated_backups_arn = (
            f"arn:aws:rds:{backend.region_name}:{account}:auto-backup:{name}"
        )
        self.dbi_resource_id = database.dbi_resource_id
        self.instance_create_time = database.instance_create_time
        self.is_replicated = backend.region_name != database.region
        self.backup_retention_period = retention_days
        self.started_at: datetime | None = None
        self.latest_at: datetime | None = None
        self.is_stopped = False
        self.refresh(database)
        self.kms_key_id = database.kms_key_id

    def refresh(self, database: MotoObject) -> None:
        """Take over what the database looks like now."""
        self.db_instance_identifier = database.db_instance_identifier
        self.db_instance_arn = database.db_instance_arn
        self.settings: Settings = restorable_settings(database)
        for name in (
            "engine",
            "engine_version",
            "port",
            "master_username",
            "allocated_storage",
            "storage_type",
        ):
            setattr(self, name, getattr(database, name))
        self.encrypted = database.storage_encrypted
        self.license_model = database.license_model
        self.vpc_id = database.db_subnet_group.vpc_id if hasattr(database, "db_subnet_group") else None
        if not self.is_replicated:
            self.backup_retention_period = database.backup_retention_period
            self.kms_key_id = database.kms_key_id

    def reach(self, window: Window) -> None:
        """Take over what can be restored now; a hole in the log throws the end of an own window back."""
        self.started_at = self.started_at or window[0]
        is_further = self.latest_at is None or window[1] > self.latest_at
        # What has arrived elsewhere stays there, whatever happens to the source's log.
        if is_further or not self.is_replicated:
            self.latest_at = window[1]

    @property
    def window(self) -> Window | None:
        """The first and last moment that can be restored; None while there is none."""
        if self.started_at is None or self.latest_at is None:
            return None
        kept = timedelta(days=self.backup_retention_period)
        return max(self.started_at, self.latest_at - kept), self.latest_at

    @property
    def restore_window(self) -> dict[str, datetime] | None:
        """The window as the API answers it."""
        return {"EarliestTime": self.window[0], "LatestTime": self.window[1]} if self.window else None


def records_of(backend: MotoObject) -> dict[str, AutomatedBackup]:
    """Return a region's records by ARN; the dictionary is the store itself."""
    found: dict[str, AutomatedBackup] = backend.__dict__.setdefault(_SLOT, {})
    return found


def window_of(database: MotoObject, world: World) -> tuple[datetime, datetime] | None:
    """Return the first and last moment a database can be restored to; None before its first backup."""
    created_at = aware(database.instance_create_time)
    now = world.clock.now()
    found = world.servers.restorable(facts_of(database), created_at, now)
    if found is None:
        return None
    return max(found[0], now - timedelta(days=database.backup_retention_period)), found[1]


def refresh_own(backend: MotoObject, world: World) -> None:
    """Bring the records of a region's own databases up to date, making those that are missing."""
    records = records_of(backend)
    own = {record.dbi_resource_id: record for record in records.values() if not record.is_replicated}
    for database in backend.databases.values():
        if not _has_backups(database):
            continue
        window = window_of(database, world)
        if window is None:
            continue
        record = own.get(database.dbi_resource_id)
        if record is None:
            days = database.backup_retention_period
            record = AutomatedBackup(backend, database, retention_days=days)
            records[record.db_instance_automated_backups_arn] = record
        record.refresh(database)
        record.reach(window)


def find_backup(backend: MotoObject, name: str, world: World) -> AutomatedBackup | None:
    """Find a record of a region by its ARN or by its database's resource id."""
    refresh_own(backend, world)
    for record in records_of(backend).values():
        if name in {record.db_instance_automated_backups_arn, record.dbi_resource_id}:
            return record
    return None


def find_database(backend: MotoObject, record: AutomatedBackup) -> MotoObject | None:
    """Find the database a record is about, wherever it is; None when it is gone."""
    home = backend.get_backend("rds", record.region)
    for database in home.databases.values():
        if database.dbi_resource_id == record.dbi_resource_id and not hasattr(database, "gone_at"):
            return database
    return None


def replicated_records(
    backends: Iterator[tuple[str, str, MotoObject]],
) -> list[tuple[MotoObject, AutomatedBackup]]:
    """List every replicated record with the backend that holds it."""
    return [
        (backend, record)
        for _, _, backend in list(backends)
        for record in records_of(backend).values()
        if record.is_replicated
    ]


def aware(moment: datetime) -> datetime:
    """Read moto's naive moments as the UTC they are."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _has_backups(database: MotoObject) -> bool:
    is_clustered = database.db_cluster_identifier is not None
    return bool(not is_clustered and database.backup_retention_period and not hasattr(database, "gone_at"))
