"""Route tables. Routes given here are the table's only ones; without any, routes may be resources."""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import UNKNOWN, Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import from_pairs
from localcloud.provider_aws.types.ec2.removal import remove_when_free
from localcloud.provider_aws.types.ec2.route_terms import LOCAL, RouteTerms
from localcloud.provider_aws.types.ec2.tagging import retag, tag_specifications

_TERMS = RouteTerms(ipv4="cidrBlock", ipv6="ipv6CidrBlock", prefix_list="destinationPrefixListId")


def _create(cloud: Cloud, inputs: Properties) -> str:
    answer = cloud.client().create_route_table(
        VpcId=inputs["vpcId"], TagSpecifications=tag_specifications("route-table", inputs)
    )
    return str(answer["RouteTable"]["RouteTableId"])


def _finish(cloud: Cloud, table_id: str, inputs: Properties) -> None:
    if inputs.get("routes") is not None:
        _set_routes(cloud, table_id, inputs["routes"])


def _set_routes(cloud: Cloud, table_id: str, wanted: list[Properties]) -> None:
    """Make the table's routes the wanted ones; each has one destination, which is its name."""
    client = cloud.client()
    existing = {_TERMS.destination(route): route for route in _own_routes(_found(cloud, table_id))}
    named = {_TERMS.destination(route): route for route in wanted if route.get("gatewayId") != LOCAL}
    for destination, route in existing.items():
        if destination not in named:
            client.delete_route(RouteTableId=table_id, **_TERMS.destination_argument(route))
    for destination, route in named.items():
        arguments = {**_TERMS.destination_argument(route), **_TERMS.target_argument(route)}
        if destination not in existing:
            client.create_route(RouteTableId=table_id, **arguments)
        elif _TERMS.target_argument(existing[destination]) != _TERMS.target_argument(route):
            client.replace_route(RouteTableId=table_id, **arguments)


def _found(cloud: Cloud, table_id: str) -> Value:
    return cloud.client().describe_route_tables(RouteTableIds=[table_id])["RouteTables"][0]


def _own_routes(table: Value) -> list[Properties]:
    routes = [_TERMS.from_service(route) for route in table["Routes"]]
    return [route for route in routes if route.get("gatewayId") != LOCAL]


def _read(cloud: Cloud, table_id: str) -> Properties | None:
    table = _found(cloud, table_id)
    return {
        "arn": cloud.arn(f"route-table/{table_id}"),
        "ownerId": table["OwnerId"],
        "propagatingVgws": [gateway["GatewayId"] for gateway in table.get("PropagatingVgws", ())],
        "routes": _own_routes(table),
        "tags": from_pairs(table.get("Tags")),
        "vpcId": table["VpcId"],
    }


def _update(cloud: Cloud, table_id: str, change: Change) -> None:
    if change.has("routes"):
        _set_routes(cloud, table_id, change.new["routes"])
    retag(cloud, table_id, change)


def _delete(cloud: Cloud, table_id: str, _known: Properties) -> None:
    client = cloud.client()
    for association in _found(cloud, table_id).get("Associations", ()):
        if not association.get("Main"):
            client.disassociate_route_table(AssociationId=association["RouteTableAssociationId"])
    remove_when_free(cloud, table_id, lambda: client.delete_route_table(RouteTableId=table_id))


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    if inputs.get("propagatingVgws"):
        yield PropertyFailure(path="propagatingVgws", reason="not supported by the local cloud")
    routes = inputs.get("routes")
    for at, route in enumerate(routes if isinstance(routes, list) else ()):
        if route is not UNKNOWN:
            yield from _TERMS.problems(("routes", at), route)


TYPE = ResourceType(
    type="aws:ec2/routeTable:RouteTable",
    service="ec2",
    create=_create,
    finish=_finish,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"InvalidRouteTableID.NotFound"}),
    force_new=("vpcId",),
    sticky=("propagatingVgws", "routes"),
    unordered=("propagatingVgws", "routes"),
    check=_check,
)
