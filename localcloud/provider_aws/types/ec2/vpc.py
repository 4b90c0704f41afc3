"""VPCs, with the default security group, route table and network ACL that come with each."""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import UNKNOWN, Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import from_pairs
from localcloud.provider_aws.types.ec2.cidr import network_problem, prefix_problem
from localcloud.provider_aws.types.ec2.removal import remove_when_free
from localcloud.provider_aws.types.ec2.tagging import retag, tag_specifications

_LARGEST, _SMALLEST = 16, 28
_ATTRIBUTES = {
    "enableDnsSupport": "EnableDnsSupport",
    "enableDnsHostnames": "EnableDnsHostnames",
    "enableNetworkAddressUsageMetrics": "EnableNetworkAddressUsageMetrics",
}
_NO_IPAM = ("ipv4IpamPoolId", "ipv4NetmaskLength", "ipv6CidrBlock", "ipv6IpamPoolId", "ipv6NetmaskLength")
_UNSET = (None, UNKNOWN, "", 0)


def _create(cloud: Cloud, inputs: Properties) -> str:
    arguments: Properties = {
        "CidrBlock": inputs["cidrBlock"],
        "InstanceTenancy": inputs["instanceTenancy"],
        "AmazonProvidedIpv6CidrBlock": bool(inputs.get("assignGeneratedIpv6CidrBlock")),
        "TagSpecifications": tag_specifications("vpc", inputs),
    }
    if inputs.get("ipv6CidrBlockNetworkBorderGroup"):
        arguments["Ipv6CidrBlockNetworkBorderGroup"] = inputs["ipv6CidrBlockNetworkBorderGroup"]
    return str(cloud.client().create_vpc(**arguments)["Vpc"]["VpcId"])


def _finish(cloud: Cloud, vpc_id: str, inputs: Properties) -> None:
    _set_attributes(cloud, vpc_id, [name for name in _ATTRIBUTES if inputs.get(name) is not None], inputs)


def _set_attributes(cloud: Cloud, vpc_id: str, names: list[str], inputs: Properties) -> None:
    # Host names need DNS support: it is switched on before them and off after them.
    for name in names if inputs["enableDnsSupport"] else reversed(names):
        attribute = {_ATTRIBUTES[name]: {"Value": bool(inputs.get(name))}}
        cloud.client().modify_vpc_attribute(VpcId=vpc_id, **attribute)


def _read(cloud: Cloud, vpc_id: str) -> Properties | None:
    vpc = cloud.client().describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0]
    return {
        "arn": cloud.arn(f"vpc/{vpc_id}"),
        "cidrBlock": vpc["CidrBlock"],
        "dhcpOptionsId": vpc["DhcpOptionsId"],
        "instanceTenancy": vpc["InstanceTenancy"],
        "ownerId": vpc["OwnerId"],
        "tags": from_pairs(vpc.get("Tags")),
        **{name: _attribute(cloud, vpc_id, name) for name in _ATTRIBUTES},
        **_companions(cloud, vpc_id),
        **_ipv6(vpc),
    }


def _attribute(cloud: Cloud, vpc_id: str, name: str) -> bool:
    answer = cloud.client().describe_vpc_attribute(VpcId=vpc_id, Attribute=name)
    return bool(answer[_ATTRIBUTES[name]]["Value"])


def _companions(cloud: Cloud, vpc_id: str) -> Properties:
    client = cloud.client()
    own = {"Name": "vpc-id", "Values": [vpc_id]}
    acls = client.describe_network_acls(Filters=[own, {"Name": "default", "Values": ["true"]}])
    tables = client.describe_route_tables(Filters=[own, {"Name": "association.main", "Values": ["true"]}])
    groups = client.describe_security_groups(Filters=[own, {"Name": "group-name", "Values": ["default"]}])
    table = _first(tables["RouteTables"], "RouteTableId")
    return {
        "defaultNetworkAclId": _first(acls["NetworkAcls"], "NetworkAclId"),
        "defaultRouteTableId": table,
        "mainRouteTableId": table,
        "defaultSecurityGroupId": _first(groups["SecurityGroups"], "GroupId"),
    }


def _first(found: list[Value], key: str) -> str:
    return str(found[0][key]) if found else ""


def _ipv6(vpc: Value) -> Properties:
    association = _ipv6_association(vpc) or {}
    return {
        "assignGeneratedIpv6CidrBlock": association.get("Ipv6Pool") == "Amazon",
        "ipv6AssociationId": association.get("AssociationId", ""),
        "ipv6CidrBlock": association.get("Ipv6CidrBlock", ""),
        "ipv6CidrBlockNetworkBorderGroup": association.get("NetworkBorderGroup", ""),
    }


def _ipv6_association(vpc: Value) -> Value:
    found = vpc.get("Ipv6CidrBlockAssociationSet", ())
    return next((one for one in found if one["Ipv6CidrBlockState"]["State"] == "associated"), None)


def _update(cloud: Cloud, vpc_id: str, change: Change) -> None:
    _set_attributes(cloud, vpc_id, [name for name in _ATTRIBUTES if change.has(name)], change.new)
    if change.has("assignGeneratedIpv6CidrBlock"):
        _assign_ipv6(cloud, vpc_id, wanted=bool(change.new.get("assignGeneratedIpv6CidrBlock")))
    retag(cloud, vpc_id, change)


def _assign_ipv6(cloud: Cloud, vpc_id: str, *, wanted: bool) -> None:
    client = cloud.client()
    existing = _ipv6_association(client.describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0])
    if existing and not wanted:
        client.disassociate_vpc_cidr_block(AssociationId=existing["AssociationId"])
    elif wanted and not existing:
        client.associate_vpc_cidr_block(VpcId=vpc_id, AmazonProvidedIpv6CidrBlock=True)


def _delete(cloud: Cloud, vpc_id: str, _known: Properties) -> None:
    remove_when_free(cloud, vpc_id, lambda: cloud.client().delete_vpc(VpcId=vpc_id))


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    generated = inputs.get("assignGeneratedIpv6CidrBlock")
    for name in _NO_IPAM:
        if inputs.get(name) not in _UNSET and not (name == "ipv6CidrBlock" and generated):
            yield PropertyFailure(path=name, reason="the local cloud has no address manager (IPAM)")
    if inputs.get("cidrBlock") is None:
        yield PropertyFailure(path="cidrBlock", reason="missing: the local cloud cannot choose one")
    reason = network_problem(inputs.get("cidrBlock"), 4)
    reason = reason or prefix_problem(inputs.get("cidrBlock"), _LARGEST, _SMALLEST)
    if reason:
        yield PropertyFailure(path="cidrBlock", reason=reason)
    if inputs["instanceTenancy"] not in ("default", "dedicated", UNKNOWN):
        yield PropertyFailure(path="instanceTenancy", reason="must be default or dedicated")


TYPE = ResourceType(
    type="aws:ec2/vpc:Vpc",
    service="ec2",
    create=_create,
    finish=_finish,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"InvalidVpcID.NotFound"}),
    # The genuine provider changes `dedicated` to `default` in place; every other change of it replaces.
    force_new=("cidrBlock", "instanceTenancy", "ipv4IpamPoolId", "ipv4NetmaskLength"),
    defaults={"enableDnsSupport": True, "instanceTenancy": "default"},
    sticky=(
        "cidrBlock",
        "enableDnsHostnames",
        "enableNetworkAddressUsageMetrics",
        "ipv6CidrBlock",
        "ipv6CidrBlockNetworkBorderGroup",
    ),
    volatile=("ipv6AssociationId",),
    check=_check,
)
