"""Changing an instance in place, and setting on a new one what its creating call could not.

A replica that loses `replicateSourceDb` is promoted; nothing is sent that the instance shows already, so
every step can be repeated.
"""

from __future__ import annotations

from collections.abc import Iterable

from lifeboat.core.errors import Refused
from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change
from localcloud.provider_aws.types.rds.instance_arguments import MODIFYING
from localcloud.provider_aws.types.rds.instance_change import modification
from localcloud.provider_aws.types.rds.instance_origin import origin_of
from localcloud.provider_aws.types.rds.instance_state import available, existing
from localcloud.provider_aws.types.rds.instance_view import view
from localcloud.provider_aws.types.rds.same_meaning import same_database
from localcloud.provider_aws.types.rds.tagging import retag

# A write-only password is told apart by its version alone.
_SETTINGS = MODIFYING.keys() - {"passwordWo"} | {"passwordWoVersion"}


def finish(cloud: Cloud, resource_id: str, inputs: Properties) -> None:
    """Wait for a new instance and set the rest.

    Raises:
        StepFailed: it does not become available.
    """
    shown = view(available(cloud, resource_id))
    names = origin_of(inputs).later(cloud.client(), inputs, shown)
    if "DBParameterGroupName" in _modify(cloud, shown, inputs, names, immediately=True):
        # Parameters of a group count from the next start on.
        cloud.client().reboot_db_instance(DBInstanceIdentifier=shown["identifier"])
        available(cloud, resource_id)


def update(cloud: Cloud, resource_id: str, change: Change) -> None:
    """Promote, modify and tag, as far as the change asks for it.

    Raises:
        Refused: a replica is to follow another database, or an independent instance any.
        StepFailed: the instance does not become available.
    """
    names = {name for name in change.changed if change.old.get(name) != change.new.get(name)}
    if not names:
        finish(cloud, resource_id, change.new)
    if "replicateSourceDb" in names:
        _promote(cloud, view(available(cloud, resource_id)), change.new)
    if names & _SETTINGS:
        shown = view(available(cloud, resource_id))
        immediately = bool(change.new.get("applyImmediately"))
        _modify(cloud, shown, change.new, names & _SETTINGS, immediately=immediately)
    if "tags" in names:
        retag(cloud, existing(cloud, resource_id)["DBInstanceArn"], change)


def _modify(
    cloud: Cloud, shown: Properties, inputs: Properties, names: Iterable[str], *, immediately: bool
) -> Properties:
    arguments = modification(shown, inputs, names)
    if arguments:
        if not immediately:
            cloud.log(f"{shown['identifier']}: RDS may apply this in the next maintenance window only")
        cloud.client().modify_db_instance(
            DBInstanceIdentifier=shown["identifier"], ApplyImmediately=immediately, **arguments
        )
        available(cloud, shown["resourceId"])
    return arguments


def _promote(cloud: Cloud, shown: Properties, inputs: Properties) -> None:
    source, wanted = shown.get("replicateSourceDb"), inputs.get("replicateSourceDb")
    if wanted and not same_database(wanted, source):
        raise Refused(
            f"{shown['identifier']}: cannot elect new source database for replication",
            hint="make a new replica of the other database instead",
        )
    if wanted or source is None:
        return
    settings = {"BackupRetentionPeriod": inputs.get("backupRetentionPeriod", shown["backupRetentionPeriod"])}
    window = inputs.get("backupWindow") or shown.get("backupWindow")
    if window:
        settings["PreferredBackupWindow"] = window
    cloud.client().promote_read_replica(DBInstanceIdentifier=shown["identifier"], **settings)
