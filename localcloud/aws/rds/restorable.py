"""Which settings of a database a restore or a replica takes over, and which it loses, as RDS does.

RDS API reference, RestoreDBInstanceToPointInTime and RestoreDBInstanceFromDBSnapshot: the new instance has
most of the original configuration, but the default parameter group, security group and subnet group, one
zone, and no deletion protection, enhanced monitoring, Performance Insights, log exports or tags, unless they
are given.
"""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.aws.moto_types import MotoObject

Settings = dict[str, object]

_KEPT = (
    "allocated_storage",
    "auto_minor_version_upgrade",
    "backup_retention_period",
    "ca_certificate_identifier",
    "character_set_name",
    "copy_tags_to_snapshot",
    "db_instance_class",
    "db_name",
    "enable_iam_database_authentication",
    "engine",
    "engine_version",
    "iops",
    "license_model",
    "master_username",
    "port",
    "preferred_backup_window",
    "preferred_maintenance_window",
    "publicly_accessible",
    "storage_encrypted",
    "storage_throughput",
    "storage_type",
)


def restorable_settings(database: MotoObject) -> Settings:
    """Return the constructor arguments that a restore of `database` starts from."""
    kept: Settings = {name: getattr(database, name, None) for name in _KEPT}
    # The data has the password of its own moment, which only the restored server knows: until another one is
    # told, none was.
    kept["master_user_password"] = ""
    kept["kms_key_id"] = database.kms_key_id
    return kept


def merge_given(kept: Mapping[str, object], given: Mapping[str, object]) -> Settings:
    """Lay what the caller gave over what is kept; False and 0 count as given, None does not."""
    return {**kept, **{name: value for name, value in given.items() if value is not None}}
