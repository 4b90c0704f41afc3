"""How an instance comes into being: empty, as a replica, from a snapshot, or from a moment of another one.

Pure but for boto3's service model. Each way has its own operation and takes fewer settings than the one for
an empty instance; `later` names what has to be set when the instance is there.
"""

from __future__ import annotations

from dataclasses import dataclass

from lifeboat.core.errors import ConfigError
from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.tags import to_pairs
from localcloud.provider_aws.types.rds.instance_arguments import CREATING, MODIFYING, given, taken

_REQUIRED = ("allocatedStorage", "engine", "username")
_PASSWORDS = ("password", "passwordWo", "manageMasterUserPassword")
_SOURCES = ("replicateSourceDb", "snapshotIdentifier", "restoreToPointInTime")
_POINT_IN_TIME = {
    "restoreTime": "RestoreTime",
    "sourceDbInstanceAutomatedBackupsArn": "SourceDBInstanceAutomatedBackupsArn",
    "sourceDbInstanceIdentifier": "SourceDBInstanceIdentifier",
    "sourceDbiResourceId": "SourceDbiResourceId",
    "useLatestRestorableTime": "UseLatestRestorableTime",
}
_NAMELESS_ENGINES = frozenset({"mariadb", "mysql", "postgres"})
"""Engines whose restores take no database name (API reference, RestoreDBInstanceFromDBSnapshot)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A way of making an instance.

    Args:
        method: boto3's name of the operation.
        source: what it is made from and its name, as arguments.
        not_sent: properties that this way inherits or refuses, though the operation has an argument for them.
        never_set: properties that are not even set afterwards.
    """

    method: str
    source: Properties
    not_sent: frozenset[str] = frozenset()
    never_set: frozenset[str] = frozenset()

    def arguments(self, client: Value, inputs: Properties) -> Properties:
        """Return the arguments of the operation."""
        settings = given(inputs, self._sent(client))
        return {
            **{CREATING[name]: value for name, value in settings.items()},
            **self.source,
            "Tags": to_pairs(inputs.get("tags")),
        }

    def later(self, client: Value, inputs: Properties, shown: Properties) -> frozenset[str]:
        """Return the properties to be set on the new instance: not sent, or sent and not taken over.

        Args:
            client: the boto3 client.
            inputs: what is wanted.
            shown: what the new instance shows.
        """
        settings = given(inputs, taken(client, "modify_db_instance", MODIFYING) - self.never_set)
        sent = self._sent(client)
        return frozenset(name for name in settings if name in shown or name not in sent)

    def _sent(self, client: Value) -> frozenset[str]:
        return taken(client, self.method, CREATING) - self.not_sent - self.never_set


def origin_of(inputs: Properties) -> Origin:
    """Choose the way; the genuine provider asks in the same order."""
    name = {"DBInstanceIdentifier": inputs["identifier"]}
    if inputs.get("replicateSourceDb"):
        return Origin(
            method="create_db_instance_read_replica",
            source={**name, "SourceDBInstanceIdentifier": inputs["replicateSourceDb"]},
            # A replica of PostgreSQL takes its parameter group only afterwards, with a reboot.
            not_sent=frozenset({"parameterGroupName"}),
            never_set=frozenset({"allocatedStorage"}),
        )
    nameless = frozenset({"dbName"}) if inputs.get("engine", "postgres") in _NAMELESS_ENGINES else frozenset()
    if inputs.get("snapshotIdentifier"):
        return Origin(
            method="restore_db_instance_from_db_snapshot",
            source={**name, "DBSnapshotIdentifier": inputs["snapshotIdentifier"]},
            not_sent=nameless,
        )
    if inputs.get("restoreToPointInTime"):
        return Origin(
            method="restore_db_instance_to_point_in_time",
            source={"TargetDBInstanceIdentifier": inputs["identifier"], **_moment(inputs)},
            not_sent=nameless,
        )
    # RDS keeps backups for a day when it is told nothing; the genuine provider tells it 0.
    days = inputs.get("backupRetentionPeriod") or 0
    return Origin(method="create_db_instance", source={**name, "BackupRetentionPeriod": days})


def _moment(inputs: Properties) -> Properties:
    wanted = inputs["restoreToPointInTime"]
    return {argument: wanted[name] for name, argument in _POINT_IN_TIME.items() if wanted.get(name)}


def require_enough(inputs: Properties) -> None:
    """Make sure that inputs say enough to make an instance.

    Raises:
        ConfigError: an empty instance lacks what others inherit.
    """
    if any(inputs.get(name) for name in _SOURCES):
        return
    missing = [name for name in _REQUIRED if not inputs.get(name)]
    if not any(inputs.get(name) for name in _PASSWORDS):
        missing.append(_PASSWORDS[0])
    if missing:
        raise ConfigError(
            f"{inputs['identifier']}: {', '.join(missing)}: required for a new database, but not set",
            hint=f"set them, or make it from one of {', '.join(_SOURCES)}",
        )
