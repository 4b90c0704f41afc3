"""Route tables, routes, and which table a subnet uses."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import grpc
import pytest

from lifeboat.providerkit.values import UNKNOWN
from tests.provider_aws.conftest import OTHER, CountingSessions, MakeResource
from tests.provider_aws.ec2_world import TABLE, make_gateway, make_subnet, make_table, make_vpc
from tests.provider_aws.life import Life, live

ROUTE = "aws:ec2/route:Route"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"

Boto = Callable[..., Any]


def test_a_route_table_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    vpc_id = make_vpc(resource)
    gateway_id, other_id = make_gateway(resource, vpc_id), make_gateway(resource, make_vpc(resource))
    way_out = {"cidrBlock": "0.0.0.0/0", "gatewayId": gateway_id}

    def add(table: str, _outputs: dict[str, Any]) -> None:
        boto("ec2").create_route(
            RouteTableId=table, DestinationCidrBlock="192.0.2.0/24", GatewayId=gateway_id
        )

    outputs = live(
        resource(TABLE),
        Life(
            inputs={"vpcId": vpc_id, "routes": [way_out], "tags": {"Name": "routes"}},
            bad={
                "vpcId": {"vpcId": None},
                "routes[0].cidrBlock": {"routes": [{"gatewayId": gateway_id}]},
                "routes[0].carrierGatewayId": {"routes": [{"cidrBlock": "0.0.0.0/0"}]},
                "routes[0].ipv6CidrBlock": {"routes": [{**way_out, "ipv6CidrBlock": "::/0"}]},
                "routes[0].coreNetworkArn": {"routes": [{**way_out, "coreNetworkArn": "arn:x"}]},
                "routes[0].gateway": {"routes": [{**way_out, "gateway": gateway_id}]},
                "propagatingVgws": {"propagatingVgws": ["vgw-1"]},
            },
            changes={
                "routes": [
                    {"ipv6CidrBlock": "2001:db8::/32", "gatewayId": gateway_id},
                    {"cidrBlock": "0.0.0.0/0", "gatewayId": other_id},
                ]
            },
            replacing={"vpcId": {"vpcId": "vpc-12345678"}, "region": {"region": OTHER}},
            by_hand=add,
            drifted="routes",
        ),
        sessions,
    )
    assert outputs["arn"].endswith(f":route-table/{_id_of(outputs)}")


def _id_of(outputs: dict[str, Any]) -> str:
    return str(outputs["arn"].rpartition("/")[2])


def test_a_table_that_mentions_no_routes_leaves_those_of_others_alone(
    resource: MakeResource, boto: Boto
) -> None:
    vpc_id = make_vpc(resource)
    gateway_id = make_gateway(resource, vpc_id)
    table = resource(TABLE)
    checked = table.check({"vpcId": vpc_id})
    table_id, outputs = table.create(checked)
    route = resource(ROUTE)
    route.create(
        route.check({"routeTableId": table_id, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway_id})
    )
    _, inputs, read = table.refresh(table_id, checked, outputs)
    assert inputs == checked
    assert read["routes"] == [{"cidrBlock": "0.0.0.0/0", "gatewayId": gateway_id}]
    assert not table.diff(table_id, inputs, read, checked).diffs
    renamed = table.check({"vpcId": vpc_id, "tags": {"Name": "x"}}, checked)
    assert table.update(table_id, checked, read, renamed)["routes"] == read["routes"]


def test_a_table_in_use_is_freed_and_deleted(resource: MakeResource) -> None:
    vpc_id = make_vpc(resource)
    table_id, subnet_id = make_table(resource, vpc_id), make_subnet(resource, vpc_id)
    association = resource(ASSOCIATION)
    association_id, _ = association.create(
        association.check({"routeTableId": table_id, "subnetId": subnet_id})
    )
    resource(TABLE).delete(table_id, {}, {})
    assert resource(TABLE).refresh(table_id, {}, {})[0] == ""
    assert association.refresh(association_id, {}, {})[0] == ""


@pytest.mark.parametrize(
    ("name", "destination"),
    [("destinationCidrBlock", "0.0.0.0/0"), ("destinationIpv6CidrBlock", "::/0")],
)
def test_a_route_lives(
    resource: MakeResource, sessions: CountingSessions, boto: Boto, name: str, destination: str
) -> None:
    vpc_id = make_vpc(resource)
    table_id, gateway_id = make_table(resource, vpc_id), make_gateway(resource, vpc_id)
    other_id = make_gateway(resource, make_vpc(resource))

    def remove(_route: str, _outputs: dict[str, Any]) -> None:
        client = boto("ec2")
        api = name[0].upper() + name[1:]
        client.replace_route(RouteTableId=table_id, GatewayId=gateway_id, **{api: destination})

    outputs = live(
        resource(ROUTE),
        Life(
            inputs={"routeTableId": table_id, name: destination, "gatewayId": gateway_id},
            bad={
                "routeTableId": {"routeTableId": None},
                name: {name: "0.0.0.7/8"},
                "destinationPrefixListId": {"destinationPrefixListId": "pl-1"},
                "natGatewayId": {"natGatewayId": "nat-1"},
                "carrierGatewayId": {"gatewayId": None},
                "gateway": {"gateway": gateway_id},
            },
            changes={"gatewayId": other_id},
            replacing={
                name: {name: "192.0.2.0/24" if "." in destination else "2001:db8::/32"},
                "routeTableId": {"routeTableId": "rtb-12345678"},
            },
            by_hand=remove,
            drifted="gatewayId",
            import_id=lambda _id, outputs: f"{outputs['routeTableId']}_{destination}",
        ),
        sessions,
    )
    assert (outputs["origin"], outputs["state"]) == ("CreateRoute", "active")


def test_a_route_is_named_as_by_the_genuine_provider(resource: MakeResource) -> None:
    vpc_id = make_vpc(resource)
    table_id, gateway_id = make_table(resource, vpc_id), make_gateway(resource, vpc_id)
    route = resource(ROUTE)
    route_id, _ = route.create(
        route.check({"routeTableId": table_id, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway_id})
    )
    # 1080289494 is what the genuine provider appends for 0.0.0.0/0 everywhere.
    assert zlib.crc32(b"0.0.0.0/0") == 1080289494
    assert route_id == f"r-{table_id}1080289494"
    with pytest.raises(grpc.RpcError) as refused:
        route.import_("0.0.0.0/0")
    assert "names no route" in refused.value.details()


def test_a_route_taken_away_by_hand_is_gone(resource: MakeResource, boto: Boto) -> None:
    vpc_id = make_vpc(resource)
    table_id, gateway_id = make_table(resource, vpc_id), make_gateway(resource, vpc_id)
    route = resource(ROUTE)
    checked = route.check(
        {"routeTableId": table_id, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway_id}
    )
    route_id, outputs = route.create(checked)
    boto("ec2").delete_route(RouteTableId=table_id, DestinationCidrBlock="0.0.0.0/0")
    assert route.refresh(route_id, checked, outputs)[0] == ""


def test_a_local_route_is_imported_but_neither_made_nor_removed(resource: MakeResource) -> None:
    table_id = make_table(resource, make_vpc(resource))
    route = resource(ROUTE)
    route_id, inputs, outputs = route.import_(f"{table_id}_10.0.0.0/16")
    assert inputs["gatewayId"] == "local"
    route.delete(route_id, inputs, outputs)
    assert route.refresh(route_id, inputs, outputs)[0] == route_id
    with pytest.raises(grpc.RpcError) as refused:
        route.create(route.check(inputs))
    assert "exists with its table" in refused.value.details()


def test_a_route_through_an_unknown_gateway_can_be_previewed(
    resource: MakeResource, sessions: CountingSessions
) -> None:
    route = resource(ROUTE)
    checked = route.check(
        {"routeTableId": UNKNOWN, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": UNKNOWN}
    )
    before = sessions.asked
    _, outputs = route.create(checked, preview=True)
    assert (outputs["state"], sessions.asked) == (UNKNOWN, before)


def test_an_association_lives(resource: MakeResource, sessions: CountingSessions) -> None:
    vpc_id = make_vpc(resource)
    table_id, subnet_id = make_table(resource, vpc_id), make_subnet(resource, vpc_id)
    outputs = live(
        resource(ASSOCIATION),
        Life(
            inputs={"routeTableId": table_id, "subnetId": subnet_id},
            bad={
                "routeTableId": {"routeTableId": None},
                "subnetId": {"subnetId": None},
                "gatewayId": {"gatewayId": "igw-12345678"},
            },
            replacing={
                "subnetId": {"subnetId": "subnet-12345678"},
                "routeTableId": {"routeTableId": "rtb-12345678"},
            },
            import_id=lambda _id, outputs: f"{outputs['subnetId']}/{outputs['routeTableId']}",
        ),
        sessions,
    )
    assert outputs["subnetId"] == subnet_id


def test_another_table_needs_the_old_association_gone_first(resource: MakeResource) -> None:
    vpc_id = make_vpc(resource)
    table_id, subnet_id = make_table(resource, vpc_id), make_subnet(resource, vpc_id)
    association = resource(ASSOCIATION)
    checked = association.check({"routeTableId": table_id, "subnetId": subnet_id})
    association_id, outputs = association.create(checked)
    assert association_id.startswith("rtbassoc-")
    moved = association.check({"routeTableId": make_table(resource, vpc_id), "subnetId": subnet_id})
    answer = association.diff(association_id, checked, outputs, moved)
    assert (list(answer.replaces), answer.deleteBeforeReplace) == (["routeTableId"], True)
    with pytest.raises(grpc.RpcError) as refused:
        association.create(moved)
    assert f"associated with {table_id} already" in refused.value.details()
    association.delete(association_id, checked, outputs)
    assert association.create(moved)[0] != association_id


def test_a_gateway_may_use_a_table(resource: MakeResource) -> None:
    vpc_id = make_vpc(resource)
    table_id, gateway_id = make_table(resource, vpc_id), make_gateway(resource, vpc_id)
    association = resource(ASSOCIATION)
    checked = association.check({"routeTableId": table_id, "gatewayId": gateway_id})
    association_id, outputs = association.create(checked)
    assert association.refresh(association_id, checked, outputs)[1] == checked
    with pytest.raises(grpc.RpcError) as refused:
        association.import_(f"igw-12345678/{table_id}")
    assert "no association of igw-12345678" in refused.value.details()
