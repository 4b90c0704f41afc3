"""Objects of EC2 that other tests stand on, made through the provider under test."""

from __future__ import annotations

from typing import Any

from tests.provider_aws.conftest import MakeResource

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
GATEWAY = "aws:ec2/internetGateway:InternetGateway"
TABLE = "aws:ec2/routeTable:RouteTable"
GROUP = "aws:ec2/securityGroup:SecurityGroup"


def make(resource: MakeResource, token: str, inputs: dict[str, Any]) -> str:
    """Make an object and return its id."""
    handle = resource(token)
    return handle.create(handle.check(inputs))[0]


def make_vpc(resource: MakeResource) -> str:
    """Make a VPC of 10.0.0.0/16."""
    return make(resource, VPC, {"cidrBlock": "10.0.0.0/16"})


def make_subnet(resource: MakeResource, vpc_id: str, number: int = 0) -> str:
    """Make a subnet of 256 addresses."""
    return make(resource, SUBNET, {"vpcId": vpc_id, "cidrBlock": f"10.0.{number}.0/24"})


def make_gateway(resource: MakeResource, vpc_id: str) -> str:
    """Make an internet gateway of a VPC."""
    return make(resource, GATEWAY, {"vpcId": vpc_id})


def make_table(resource: MakeResource, vpc_id: str) -> str:
    """Make a route table without routes of its own."""
    return make(resource, TABLE, {"vpcId": vpc_id})


def make_group(resource: MakeResource, vpc_id: str, name: str) -> str:
    """Make a security group without rules."""
    return make(resource, GROUP, {"vpcId": vpc_id, "name": name})
