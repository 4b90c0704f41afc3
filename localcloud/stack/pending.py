"""What becomes of the operations that a killed engine left open: a pure decision over its checkpoint.

The engine writes an operation down before it begins it. Killed in between, it leaves `pending_operations`,
and from then on every create among them is either repeated (a second object, or "already exists") or must
be answered by hand. `refresh --import-pending-creates` of 3.250 forgets the operation instead of importing
it, so the checkpoint is exported, settled here and imported again; the refresh that follows reads every
object as it is:

- a create whose object is known (the stand-in noted its id, or the id is one of its inputs) joins the state;
  if the object does not exist after all, the refresh drops it again;
- a create of which nothing is known is dropped, and the next `up` makes it;
- updates and deletes need nothing but the refresh.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

NAMED_BY = {
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": "alarmName",
    "aws:cloudwatch/logGroup:LogGroup": "name",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "name",
    "aws:iam/role:Role": "name",
    "aws:kms/alias:Alias": "name",
    "aws:rds/eventSubscription:EventSubscription": "name",
    "aws:rds/parameterGroup:ParameterGroup": "name",
    "aws:rds/subnetGroup:SubnetGroup": "name",
    "aws:s3/bucket:Bucket": "bucket",
}
"""Types whose id is one of their inputs, by the name of that input (pulumi-aws 7, "Import" of each type)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A checkpoint without open operations.

    Args:
        document: what `pulumi stack import` takes.
        adopted: URN and id of each create that joined the state.
        dropped: URNs of the creates that are made anew.
        looked_at: URNs of the other operations, which the refresh looks at.
    """

    document: Json
    adopted: tuple[tuple[str, str], ...]
    dropped: tuple[str, ...]
    looked_at: tuple[str, ...]


def settle(document: Json, created: Mapping[str, str]) -> Settled:
    """Return the checkpoint with its open operations settled.

    Args:
        document: what `pulumi stack export` printed.
        created: ids by URN, as the stand-in noted them.
    """
    deployment = document["deployment"]
    known = {resource["urn"] for resource in deployment.get("resources") or ()}
    adopted: list[Json] = []
    dropped: list[str] = []
    looked_at: list[str] = []
    for operation in deployment.get("pending_operations") or ():
        resource = operation["resource"]
        identifier = _identifier(resource, created)
        if operation["type"] != "creating":
            looked_at.append(resource["urn"])
        # A replacement shares its URN with the object it replaces, which the state must go on knowing.
        elif identifier is None or resource["urn"] in known:
            dropped.append(resource["urn"])
        else:
            adopted.append({**resource, "id": identifier, "outputs": resource.get("outputs") or {}})
    kept = {key: value for key, value in deployment.items() if key != "pending_operations"}
    kept["resources"] = [*(deployment.get("resources") or ()), *adopted]
    return Settled(
        document={**document, "deployment": kept},
        adopted=tuple((resource["urn"], resource["id"]) for resource in adopted),
        dropped=tuple(dropped),
        looked_at=tuple(looked_at),
    )


def _identifier(resource: Json, created: Mapping[str, str]) -> str | None:
    noted = created.get(resource["urn"])
    if noted is not None:
        return noted
    value = (resource.get("inputs") or {}).get(NAMED_BY.get(resource["type"], ""))
    return value if isinstance(value, str) and value else None
