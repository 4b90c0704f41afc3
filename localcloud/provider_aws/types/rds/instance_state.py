"""Finding an instance by its resource id, and waiting until it is available or gone.

The resource id survives a rename, so it is asked for by that; a name may belong to another instance tomorrow.
"""

from __future__ import annotations

import re

from lifeboat.core.errors import StepFailed
from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.remote import ObjectGone

_RESOURCE_ID = re.compile("db-[A-Z0-9]{2,255}")
_READY = frozenset({"available", "storage-optimization"})
_HOPELESS = frozenset(
    {
        "deleting",
        "failed",
        "inaccessible-encryption-credentials",
        "incompatible-create",
        "incompatible-network",
        "incompatible-option-group",
        "incompatible-parameters",
        "incompatible-restore",
        "insufficient-capacity",
        "restore-error",
        "stopped",
        "storage-full",
    }
)
"""States that do not end by themselves (RDS user guide, "Viewing DB instance status")."""


def find(cloud: Cloud, resource_id: str) -> Properties | None:
    """Return what RDS describes under a resource id; None when there is no such instance."""
    wanted = [{"Name": "dbi-resource-id", "Values": [resource_id]}]
    found: list[Properties] = cloud.client().describe_db_instances(Filters=wanted)["DBInstances"]
    return found[0] if found else None


def existing(cloud: Cloud, resource_id: str) -> Properties:
    """Return what RDS describes under a resource id.

    Raises:
        ObjectGone: there is no such instance (any more).
    """
    instance = find(cloud, resource_id)
    if instance is None:
        raise ObjectGone(f"database {resource_id} does not exist")
    return instance


def available(cloud: Cloud, resource_id: str) -> Properties:
    """Wait until an instance can be worked with, and return its description.

    Raises:
        ObjectGone: there is no such instance (any more).
        StepFailed: it is in a state it does not leave by itself, or takes longer than the limit.
    """
    seen: list[Properties] = []

    def is_ready() -> bool:
        instance = existing(cloud, resource_id)
        if instance["DBInstanceStatus"] in _HOPELESS:
            raise StepFailed(
                f"database {instance['DBInstanceIdentifier']} is {instance['DBInstanceStatus']}",
                hint="it does not become available by itself: see its events",
            )
        seen[:] = [instance]
        return instance["DBInstanceStatus"] in _READY

    cloud.wait_until(f"status available of database {resource_id}", is_ready)
    return seen[0]


def wait_until_gone(cloud: Cloud, resource_id: str) -> None:
    """Wait until a deleted instance is no longer described.

    Raises:
        StepFailed: it takes longer than the limit.
    """
    cloud.wait_until(f"end of database {resource_id}", lambda: find(cloud, resource_id) is None)


def resource_id_of(cloud: Cloud, text: str) -> str:
    """Return the resource id of what an operator names by resource id or by identifier."""
    if _RESOURCE_ID.fullmatch(text):
        return text
    answer: Value = cloud.client().describe_db_instances(DBInstanceIdentifier=text)
    return str(answer["DBInstances"][0]["DbiResourceId"])
