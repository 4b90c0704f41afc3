"""Changes that wait for the maintenance window: which do, kept on moto's object, and shown.

RDS user guide, "Using the schedule modifications setting" and the table of settings after it. What is not
named here is applied at once, whatever ApplyImmediately says. The names are those of moto's arguments.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import datetime

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.windows import weekly_window

_SLOT = "lifeboat_pending"
_SINCE = "lifeboat_pending_since"
NEW_NAME = "new_db_instance_identifier"
_RETENTION = "backup_retention_period"

DEFERRED: Mapping[str, str] = {
    "allocated_storage": "AllocatedStorage",
    _RETENTION: "BackupRetentionPeriod",
    "ca_certificate_identifier": "CACertificateIdentifier",
    "db_instance_class": "DBInstanceClass",
    "db_subnet_group_name": "DBSubnetGroupName",
    "enable_iam_database_authentication": "IAMDatabaseAuthenticationEnabled",
    "engine_version": "EngineVersion",
    "iops": "Iops",
    "license_model": "LicenseModel",
    "multi_az": "MultiAZ",
    NEW_NAME: "DBInstanceIdentifier",
    "storage_throughput": "StorageThroughput",
    "storage_type": "StorageType",
}
"""What waits without ApplyImmediately, by moto's name, and its name in PendingModifiedValues."""

Values = dict[str, object]


def pending_of(database: MotoObject) -> Values:
    """Return what waits, by moto's names."""
    found: Values = database.__dict__.get(_SLOT, {})
    return dict(found)


def split_deferred(database: MotoObject, given: MutableMapping[str, object]) -> Values:
    """Take out of a modification what has to wait, and return it."""
    return {name: given.pop(name) for name in DEFERRED if name in given and _waits(database, name, given)}


def put_off(database: MotoObject, deferred: Mapping[str, object], now: datetime) -> None:
    """Let changes wait; one back to what is in effect takes the waiting one away."""
    waiting = {**pending_of(database), **deferred}
    left = {name: value for name, value in waiting.items() if value != in_effect(database, name)}
    database.__dict__[_SLOT] = left
    database.__dict__[_SINCE] = now


def take(database: MotoObject) -> Values:
    """Return what waits, which then waits no longer."""
    waiting = pending_of(database)
    database.__dict__.pop(_SLOT, None)
    return waiting


def is_due(database: MotoObject, now: datetime) -> bool:
    """Tell whether a maintenance window has begun since the last change was put off."""
    window = weekly_window(str(database.preferred_maintenance_window))
    if not pending_of(database) or window is None:
        return False
    return window.next_start(database.__dict__[_SINCE]) <= now


def in_effect(database: MotoObject, name: str) -> object:
    """Return the value that a setting has now."""
    if name == NEW_NAME:
        return database.db_instance_identifier
    return getattr(database, "_db_subnet_group_name" if name == "db_subnet_group_name" else name, None)


def _waits(database: MotoObject, name: str, given: Mapping[str, object]) -> bool:
    """Tell whether a setting waits: a retention only when it turns backups on or off."""
    if name != _RETENTION:
        return True
    return bool(database.backup_retention_period) != bool(given[name])
