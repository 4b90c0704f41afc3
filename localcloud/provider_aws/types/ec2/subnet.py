"""Subnets of a VPC.

EC2 takes one attribute per call. moto opens the first subnet of a zone to public addresses; like the genuine
provider, the stand-in sets every attribute that differs after creation.
"""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import UNKNOWN, Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import from_pairs
from localcloud.provider_aws.types.ec2.cidr import network_problem
from localcloud.provider_aws.types.ec2.removal import remove_when_free
from localcloud.provider_aws.types.ec2.tagging import retag, tag_specifications

_ARGUMENTS = {
    "vpcId": "VpcId",
    "cidrBlock": "CidrBlock",
    "ipv6CidrBlock": "Ipv6CidrBlock",
    "ipv6Native": "Ipv6Native",
    "availabilityZone": "AvailabilityZone",
    "availabilityZoneId": "AvailabilityZoneId",
}
_ATTRIBUTES = {
    "mapPublicIpOnLaunch": "MapPublicIpOnLaunch",
    "assignIpv6AddressOnCreation": "AssignIpv6AddressOnCreation",
    "enableResourceNameDnsARecordOnLaunch": "EnableResourceNameDnsARecordOnLaunch",
}
_UNSUPPORTED = (
    "customerOwnedIpv4Pool",
    "enableDns64",
    "enableLniAtDeviceIndex",
    "enableResourceNameDnsAaaaRecordOnLaunch",
    "ipv4IpamPoolId",
    "ipv4NetmaskLength",
    "ipv6IpamPoolId",
    "ipv6NetmaskLength",
    "mapCustomerOwnedIpOnLaunch",
    "outpostArn",
)
_UNSET = (None, UNKNOWN, False, "", 0)
_BY_ADDRESS = "ip-name"
"""The one form of host names the local cloud has."""


def _create(cloud: Cloud, inputs: Properties) -> str:
    arguments = {_ARGUMENTS[name]: inputs[name] for name in _ARGUMENTS if inputs.get(name)}
    answer = cloud.client().create_subnet(**arguments, TagSpecifications=tag_specifications("subnet", inputs))
    return str(answer["Subnet"]["SubnetId"])


def _finish(cloud: Cloud, subnet_id: str, inputs: Properties) -> None:
    found = _found(cloud, subnet_id)
    _set_attributes(cloud, subnet_id, [n for n in _ATTRIBUTES if _told(found)[n] != inputs[n]], inputs)


def _set_attributes(cloud: Cloud, subnet_id: str, names: list[str], inputs: Properties) -> None:
    for name in names:
        attribute = {_ATTRIBUTES[name]: {"Value": inputs[name]}}
        cloud.client().modify_subnet_attribute(SubnetId=subnet_id, **attribute)


def _found(cloud: Cloud, subnet_id: str) -> Value:
    return cloud.client().describe_subnets(SubnetIds=[subnet_id])["Subnets"][0]


def _told(subnet: Value) -> dict[str, bool]:
    names = subnet.get("PrivateDnsNameOptionsOnLaunch", {})
    return {
        "mapPublicIpOnLaunch": bool(subnet.get("MapPublicIpOnLaunch")),
        "assignIpv6AddressOnCreation": bool(subnet.get("AssignIpv6AddressOnCreation")),
        "enableResourceNameDnsARecordOnLaunch": bool(names.get("EnableResourceNameDnsARecord")),
    }


def _read(cloud: Cloud, subnet_id: str) -> Properties | None:
    subnet = _found(cloud, subnet_id)
    names = subnet.get("PrivateDnsNameOptionsOnLaunch", {})
    association = _ipv6_association(subnet) or {}
    return {
        "arn": subnet["SubnetArn"],
        "availabilityZone": subnet["AvailabilityZone"],
        "availabilityZoneId": subnet["AvailabilityZoneId"],
        "cidrBlock": subnet.get("CidrBlock", ""),
        "enableDns64": bool(subnet.get("EnableDns64")),
        "enableResourceNameDnsAaaaRecordOnLaunch": bool(names.get("EnableResourceNameDnsAAAARecord")),
        "ipv6CidrBlock": association.get("Ipv6CidrBlock", ""),
        "ipv6CidrBlockAssociationId": association.get("AssociationId", ""),
        "ipv6Native": bool(subnet.get("Ipv6Native")),
        "ownerId": subnet["OwnerId"],
        "privateDnsHostnameTypeOnLaunch": names.get("HostnameType", _BY_ADDRESS),
        "tags": from_pairs(subnet.get("Tags")),
        "vpcId": subnet["VpcId"],
        **_told(subnet),
    }


def _ipv6_association(subnet: Value) -> Value:
    found = subnet.get("Ipv6CidrBlockAssociationSet", ())
    return next((one for one in found if one.get("Ipv6CidrBlock")), None)


def _update(cloud: Cloud, subnet_id: str, change: Change) -> None:
    if change.has("ipv6CidrBlock"):
        _assign_ipv6(cloud, subnet_id, str(change.new.get("ipv6CidrBlock", "")))
    _set_attributes(cloud, subnet_id, [name for name in _ATTRIBUTES if change.has(name)], change.new)
    retag(cloud, subnet_id, change)


def _assign_ipv6(cloud: Cloud, subnet_id: str, wanted: str) -> None:
    client = cloud.client()
    existing = _ipv6_association(_found(cloud, subnet_id)) or {}
    if existing.get("Ipv6CidrBlock", "") == wanted:
        return
    if existing:
        client.disassociate_subnet_cidr_block(AssociationId=existing["AssociationId"])
    if wanted:
        client.associate_subnet_cidr_block(SubnetId=subnet_id, Ipv6CidrBlock=wanted)


def _delete(cloud: Cloud, subnet_id: str, _known: Properties) -> None:
    remove_when_free(cloud, subnet_id, lambda: cloud.client().delete_subnet(SubnetId=subnet_id))


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    for name in _UNSUPPORTED:
        if inputs.get(name) not in _UNSET:
            yield PropertyFailure(path=name, reason="not supported by the local cloud")
    if inputs.get("privateDnsHostnameTypeOnLaunch") not in (None, UNKNOWN, _BY_ADDRESS):
        yield PropertyFailure(
            path="privateDnsHostnameTypeOnLaunch", reason=f"the local cloud only has {_BY_ADDRESS}"
        )
    for name, version in (("cidrBlock", 4), ("ipv6CidrBlock", 6)):
        reason = network_problem(inputs.get(name), version)
        if reason:
            yield PropertyFailure(path=name, reason=reason)


TYPE = ResourceType(
    type="aws:ec2/subnet:Subnet",
    service="ec2",
    create=_create,
    finish=_finish,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"InvalidSubnetID.NotFound"}),
    force_new=(
        "availabilityZone",
        "availabilityZoneId",
        "cidrBlock",
        "ipv4IpamPoolId",
        "ipv4NetmaskLength",
        "ipv6IpamPoolId",
        "ipv6Native",
        "ipv6NetmaskLength",
        "outpostArn",
        "vpcId",
    ),
    defaults={
        "assignIpv6AddressOnCreation": False,
        "enableDns64": False,
        "enableResourceNameDnsARecordOnLaunch": False,
        "enableResourceNameDnsAaaaRecordOnLaunch": False,
        "ipv6Native": False,
        "mapPublicIpOnLaunch": False,
    },
    sticky=(
        "availabilityZone",
        "availabilityZoneId",
        "cidrBlock",
        "ipv6CidrBlock",
        "privateDnsHostnameTypeOnLaunch",
    ),
    volatile=("ipv6CidrBlockAssociationId",),
    check=_check,
)
