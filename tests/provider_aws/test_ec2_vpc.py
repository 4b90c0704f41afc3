"""VPCs, subnets and internet gateways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest

from lifeboat.providerkit.protos import provider_pb2
from lifeboat.providerkit.values import UNKNOWN
from tests.provider_aws.conftest import DEFAULT_TAGS, HOME, OTHER, CountingSessions, MakeResource
from tests.provider_aws.ec2_world import GATEWAY, SUBNET, VPC, make, make_gateway, make_subnet, make_vpc
from tests.provider_aws.life import Life, live
from tests.providerkit.running_provider import RunningProvider

Boto = Callable[..., Any]


def test_a_vpc_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    def unname(vpc: str, _outputs: dict[str, Any]) -> None:
        boto("ec2").modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": False})

    outputs = live(
        resource(VPC),
        Life(
            inputs={"cidrBlock": "10.1.0.0/16", "enableDnsHostnames": True, "tags": {"Name": "net"}},
            bad={
                "cidrBlok": {"cidrBlok": "10.1.0.0/16"},
                "cidrBlock": {"cidrBlock": "10.1.0.1/16"},
                "enableDnsSupport": {"enableDnsSupport": "yes"},
                "instanceTenancy": {"instanceTenancy": "host"},
                "ipv4IpamPoolId": {"ipv4IpamPoolId": "ipam-pool-1"},
                "tags.a": {"tags": {"a": 1}},
            },
            changes={"enableNetworkAddressUsageMetrics": True, "tags": {"Name": "other"}},
            replacing={
                "cidrBlock": {"cidrBlock": "10.2.0.0/16"},
                "instanceTenancy": {"instanceTenancy": "dedicated"},
                "region": {"region": OTHER},
            },
            by_hand=unname,
            drifted="enableDnsHostnames",
        ),
        sessions,
    )
    assert outputs["tagsAll"] == {**DEFAULT_TAGS, "Name": "other"}


def test_the_outputs_of_a_vpc_name_what_came_with_it(resource: MakeResource, boto: Boto) -> None:
    vpc = resource(VPC)
    vpc_id, outputs = vpc.create(vpc.check({"cidrBlock": "10.0.0.0/16"}))
    assert vpc_id.startswith("vpc-")
    assert outputs["arn"] == f"arn:aws:ec2:{HOME}:123456789012:vpc/{vpc_id}"
    groups = boto("ec2").describe_security_groups(GroupIds=[outputs["defaultSecurityGroupId"]])
    assert groups["SecurityGroups"][0]["VpcId"] == vpc_id
    assert outputs["mainRouteTableId"] == outputs["defaultRouteTableId"]
    assert outputs["defaultRouteTableId"].startswith("rtb-")
    assert outputs["defaultNetworkAclId"].startswith("acl-")
    assert outputs["enableDnsHostnames"] is False
    assert outputs["enableDnsSupport"] is True


@pytest.mark.parametrize("block", ["10.0.0.0", "10.0.0.0/33", "2001:db8::/56", "10.0.0.0/8", "ten"])
def test_what_is_no_network_of_the_right_size_is_refused(resource: MakeResource, block: str) -> None:
    assert list(resource(VPC).failures({"cidrBlock": block})) == ["cidrBlock"]


def test_dns_support_goes_off_after_host_names(resource: MakeResource) -> None:
    vpc = resource(VPC)
    checked = vpc.check({"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True})
    vpc_id, outputs = vpc.create(checked)
    off = vpc.check(
        {"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": False, "enableDnsSupport": False}, checked
    )
    outputs = vpc.update(vpc_id, checked, outputs, off)
    assert (outputs["enableDnsHostnames"], outputs["enableDnsSupport"]) == (False, False)


def test_a_vpc_gets_and_gives_back_an_ipv6_block(resource: MakeResource) -> None:
    vpc = resource(VPC)
    plain = vpc.check({"cidrBlock": "10.0.0.0/16"})
    vpc_id, outputs = vpc.create(plain)
    assert outputs["ipv6CidrBlock"] == ""
    dual = vpc.check({"cidrBlock": "10.0.0.0/16", "assignGeneratedIpv6CidrBlock": True}, plain)
    outputs = vpc.update(vpc_id, plain, outputs, dual)
    assert outputs["ipv6CidrBlock"].endswith("/56")
    assert outputs["ipv6AssociationId"]
    assert not vpc.diff(vpc_id, dual, outputs, dual).diffs
    outputs = vpc.update(vpc_id, dual, outputs, plain)
    assert outputs["ipv6CidrBlock"] == ""


def test_a_vpc_that_holds_a_subnet_waits_and_then_says_so(
    resource: MakeResource, provider: RunningProvider, boto: Boto
) -> None:
    vpc_id = make_vpc(resource)
    subnet_id = make_subnet(resource, vpc_id)
    vpc = resource(VPC)
    with pytest.raises(grpc.RpcError) as refused:
        provider.stub.Delete(provider_pb2.DeleteRequest(urn=vpc.urn, id=vpc_id, timeout=0.3))
    assert "on which something depends" in refused.value.details()
    boto("ec2").delete_subnet(SubnetId=subnet_id)
    vpc.delete(vpc_id, {}, {})
    assert vpc.refresh(vpc_id, {}, {})[0] == ""


def test_a_subnet_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    vpc_id = make_vpc(resource)

    def open_up(subnet: str, _outputs: dict[str, Any]) -> None:
        boto("ec2").modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})

    outputs = live(
        resource(SUBNET),
        Life(
            inputs={
                "vpcId": vpc_id,
                "cidrBlock": "10.0.1.0/24",
                "availabilityZone": f"{HOME}a",
                "tags": {"Name": "one"},
            },
            bad={
                "vpcId": {"vpcId": None},
                "cidrBlock": {"cidrBlock": "10.0.1.7/24"},
                "enableDns64": {"enableDns64": True},
                "ipv6CidrBlock": {"ipv6CidrBlock": "10.0.0.0/24"},
                "mapPublicIpOnLaunch": {"mapPublicIpOnLaunch": "no"},
                "privateDnsHostnameTypeOnLaunch": {"privateDnsHostnameTypeOnLaunch": "resource-name"},
            },
            changes={"enableResourceNameDnsARecordOnLaunch": True, "tags": {"Name": "two"}},
            replacing={
                "cidrBlock": {"cidrBlock": "10.0.2.0/24"},
                "availabilityZone": {"availabilityZone": f"{HOME}b"},
                "vpcId": {"vpcId": "vpc-12345678"},
            },
            by_hand=open_up,
            drifted="mapPublicIpOnLaunch",
        ),
        sessions,
    )
    assert outputs["mapPublicIpOnLaunch"] is False
    assert outputs["availabilityZoneId"].startswith("usw1-")


@pytest.mark.parametrize("wanted", [True, False])
def test_a_new_subnet_is_as_open_as_the_program_says(resource: MakeResource, wanted: bool) -> None:
    subnet = resource(SUBNET)
    inputs = {"vpcId": make_vpc(resource), "cidrBlock": "10.0.1.0/24", "mapPublicIpOnLaunch": wanted}
    assert subnet.create(subnet.check(inputs))[1]["mapPublicIpOnLaunch"] is wanted


def test_a_subnet_gets_and_changes_an_ipv6_block(resource: MakeResource) -> None:
    subnet = resource(SUBNET)
    inputs = {"vpcId": make_vpc(resource), "cidrBlock": "10.0.1.0/24"}
    checked = subnet.check(inputs)
    subnet_id, outputs = subnet.create(checked)
    assert outputs["ipv6CidrBlock"] == ""
    for block in ("2001:db8:0:1::/64", "2001:db8:0:2::/64"):
        dual = subnet.check({**inputs, "ipv6CidrBlock": block}, checked)
        outputs = subnet.update(subnet_id, checked, outputs, dual)
        assert outputs["ipv6CidrBlock"] == block
        checked = dual


def test_a_zone_that_is_ignored_moves_no_subnet(resource: MakeResource) -> None:
    subnet = resource(SUBNET)
    inputs = {"vpcId": make_vpc(resource), "cidrBlock": "10.0.1.0/24", "availabilityZone": f"{HOME}a"}
    checked = subnet.check(inputs)
    subnet_id, outputs = subnet.create(checked)
    moved = subnet.check({**inputs, "availabilityZone": f"{HOME}b"}, checked)
    assert subnet.diff(subnet_id, checked, outputs, moved).replaces
    assert not subnet.diff(subnet_id, checked, outputs, moved, ignore=("availabilityZone",)).diffs


def test_a_subnet_of_an_unknown_vpc_can_be_previewed(
    resource: MakeResource, sessions: CountingSessions
) -> None:
    subnet = resource(SUBNET)
    checked = subnet.check({"vpcId": UNKNOWN, "cidrBlock": UNKNOWN})
    before = sessions.asked
    _, outputs = subnet.create(checked, preview=True)
    assert sessions.asked == before
    assert outputs["vpcId"] is UNKNOWN
    assert outputs["arn"] is UNKNOWN


def test_an_internet_gateway_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    first, second = make_vpc(resource), make_vpc(resource)

    def detach(gateway: str, outputs: dict[str, Any]) -> None:
        boto("ec2").detach_internet_gateway(InternetGatewayId=gateway, VpcId=outputs["vpcId"])

    outputs = live(
        resource(GATEWAY),
        Life(
            inputs={"vpcId": first, "tags": {"Name": "out"}},
            bad={"vpcId": {"vpcId": 7}, "vpcid": {"vpcid": first}},
            changes={"vpcId": second},
            replacing={"region": {"region": OTHER}},
            by_hand=detach,
            drifted="vpcId",
        ),
        sessions,
    )
    assert outputs["vpcId"] == second


def test_a_gateway_may_stand_alone_and_is_deleted_attached_or_not(resource: MakeResource, boto: Boto) -> None:
    gateway = resource(GATEWAY)
    alone = make(resource, GATEWAY, {})
    assert boto("ec2").describe_internet_gateways(InternetGatewayIds=[alone])["InternetGateways"]
    attached = make_gateway(resource, make_vpc(resource))
    for gateway_id in (alone, attached):
        gateway.delete(gateway_id, {}, {})
        assert gateway.refresh(gateway_id, {}, {})[0] == ""
