"""One route of a table, named `r-<table><number made of the destination>` as the genuine provider does."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from lifeboat.core.errors import ConfigError
from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.types.ec2.cidr import same_network
from localcloud.provider_aws.types.ec2.route_terms import LOCAL, RouteTerms

_TERMS = RouteTerms(
    ipv4="destinationCidrBlock", ipv6="destinationIpv6CidrBlock", prefix_list="destinationPrefixListId"
)


def _route_id(table_id: str, destination: str) -> str:
    return f"r-{table_id}{zlib.crc32(destination.encode())}"


def _create(cloud: Cloud, inputs: Properties) -> str:
    table_id = str(inputs["routeTableId"])
    cloud.client().create_route(
        RouteTableId=table_id, **_TERMS.destination_argument(inputs), **_TERMS.target_argument(inputs)
    )
    return _route_id(table_id, _TERMS.destination(inputs))


def _read(cloud: Cloud, route_id: str) -> Properties | None:
    for table_id, route in _routes(cloud):
        found = _TERMS.from_service(route)
        if _route_id(table_id, _TERMS.destination(found)) == route_id:
            return {
                "routeTableId": table_id,
                "instanceId": route.get("InstanceId", ""),
                "instanceOwnerId": route.get("InstanceOwnerId", ""),
                "networkInterfaceId": "",
                "origin": route.get("Origin", ""),
                "state": route.get("State", ""),
                **found,
            }
    return None


def _routes(cloud: Cloud) -> Iterator[tuple[str, Value]]:
    # The id cannot be taken apart (a table's id and a number may share digits), so it is looked for.
    pages = cloud.client().get_paginator("describe_route_tables").paginate()
    for page in pages:
        for table in page["RouteTables"]:
            for route in table["Routes"]:
                yield table["RouteTableId"], route


def _update(cloud: Cloud, _route: str, change: Change) -> None:
    cloud.client().replace_route(
        RouteTableId=change.new["routeTableId"],
        **_TERMS.destination_argument(change.new),
        **_TERMS.target_argument(change.new),
    )


def _delete(cloud: Cloud, _route: str, known: Properties) -> None:
    if known.get("gatewayId") == LOCAL:
        cloud.log("a local route stays as long as its table")
        return
    cloud.client().delete_route(RouteTableId=known["routeTableId"], **_TERMS.destination_argument(known))


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    yield from _TERMS.problems((), inputs)


def _import_id(_cloud: Cloud, text: str) -> str:
    if text.startswith("r-rtb-"):
        return text
    table_id, separator, destination = text.partition("_")
    if not separator:
        raise ConfigError(
            f"{text} names no route",
            hint="write it as TABLE_DESTINATION, such as rtb-656C65616E6F72_10.42.0.0/16",
        )
    return _route_id(table_id, destination)


TYPE = ResourceType(
    type="aws:ec2/route:Route",
    service="ec2",
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"InvalidRoute.NotFound", "InvalidRouteTableID.NotFound"}),
    force_new=(
        "destinationCidrBlock",
        "destinationIpv6CidrBlock",
        "destinationPrefixListId",
        "routeTableId",
    ),
    sticky=("networkInterfaceId",),
    same={"destinationIpv6CidrBlock": same_network},
    check=_check,
    import_id=_import_id,
)
