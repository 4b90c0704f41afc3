"""Which route table a subnet or gateway uses.

EC2 gives a changed association a new id, which no update can tell the engine: every change replaces, and the
old association goes first, because a subnet can only have one.
"""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.core.errors import ConfigError, StepFailed
from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import ResourceType

_TARGETS = {"subnetId": "SubnetId", "gatewayId": "GatewayId"}


def _create(cloud: Cloud, inputs: Properties) -> str:
    table_id = str(inputs["routeTableId"])
    target = {api: inputs[name] for name, api in _TARGETS.items() if inputs.get(name)}
    _refuse_second(cloud, table_id, target)
    answer = cloud.client().associate_route_table(RouteTableId=table_id, **target)
    return str(answer["AssociationId"])


def _refuse_second(cloud: Cloud, table_id: str, target: dict[str, str]) -> None:
    # The local cloud would answer with the other table's association, as if it were this one.
    for association in _associations(cloud):
        taken = target.items() <= association.items() and association["RouteTableId"] != table_id
        if taken:
            raise StepFailed(
                f"{next(iter(target.values()))} is associated with {association['RouteTableId']} already"
                " (Resource.AlreadyAssociated)",
                hint="remove that association, or import it",
            )


def _associations(cloud: Cloud) -> Iterator[Value]:
    for page in cloud.client().get_paginator("describe_route_tables").paginate():
        for table in page["RouteTables"]:
            yield from table.get("Associations", ())


def _read(cloud: Cloud, association_id: str) -> Properties | None:
    for association in _associations(cloud):
        if association["RouteTableAssociationId"] == association_id:
            target = {name: association[api] for name, api in _TARGETS.items() if association.get(api)}
            return {"routeTableId": association["RouteTableId"], **target}
    return None


def _delete(cloud: Cloud, association_id: str, _known: Properties) -> None:
    cloud.client().disassociate_route_table(AssociationId=association_id)


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    given = [name for name in _TARGETS if inputs.get(name)]
    if not given:
        yield PropertyFailure(path="subnetId", reason="missing: give subnetId or gatewayId")
    elif len(given) > 1:
        yield PropertyFailure(path="gatewayId", reason="cannot stand beside subnetId")


def _import_id(cloud: Cloud, text: str) -> str:
    if "/" not in text:
        return text
    target_id, _, table_id = text.partition("/")
    for association in _associations(cloud):
        targets = [association.get(api) for api in _TARGETS.values()]
        if target_id in targets and association["RouteTableId"] == table_id:
            return str(association["RouteTableAssociationId"])
    raise ConfigError(
        f"no association of {target_id} with {table_id}", hint="write it as SUBNET/TABLE or GATEWAY/TABLE"
    )


TYPE = ResourceType(
    type="aws:ec2/routeTableAssociation:RouteTableAssociation",
    service="ec2",
    create=_create,
    read=_read,
    delete=_delete,
    gone=frozenset({"InvalidAssociationID.NotFound"}),
    check=_check,
    import_id=_import_id,
    delete_before_replace=True,
)
