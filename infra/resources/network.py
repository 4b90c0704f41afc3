"""The network of one region: a VPC with a subnet per zone and the security group of its database.

Nothing gets out through the security group, and only listed addresses get in.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from infra.desired.model import DesiredIngressRule, DesiredNetwork, DesiredSubnet
from infra.resources.scope import Scope
from infra.resources.zones import zone_at, zone_names

EVERYWHERE = "0.0.0.0/0"


class Network(pulumi.ComponentResource):
    """A region's network.

    Attributes:
        vpc_id: id of the VPC.
        subnet_ids: ids of the subnets, in the order of the model.
        security_group_id: id of the database's security group.
    """

    vpc_id: pulumi.Output[str]
    subnet_ids: list[pulumi.Output[str]]
    security_group_id: pulumi.Output[str]

    def __init__(self, desired: DesiredNetwork, scope: Scope) -> None:
        super().__init__("lifeboat:infra:Network", desired.name, {}, scope.component())
        self._region = desired.region
        self._child = pulumi.ResourceOptions(parent=self)
        vpc = aws.ec2.Vpc(
            desired.name,
            region=desired.region,
            cidr_block=desired.cidr,
            enable_dns_support=desired.dns_support,
            enable_dns_hostnames=desired.dns_hostnames,
            tags={"Name": desired.physical_name},
            opts=self._child,
        )
        self.vpc_id = vpc.id
        zones = zone_names(desired.region, scope)
        self.subnet_ids = [self._subnet(subnet, zones) for subnet in desired.subnets]
        self._routes(desired)
        self.security_group_id = self._security_group(desired)
        self.register_outputs(
            {
                "vpcId": self.vpc_id,
                "subnetIds": self.subnet_ids,
                "securityGroupId": self.security_group_id,
            }
        )

    def _subnet(self, desired: DesiredSubnet, zones: pulumi.Output[tuple[str, ...]]) -> pulumi.Output[str]:
        region = self._region
        subnet = aws.ec2.Subnet(
            desired.name,
            region=region,
            vpc_id=self.vpc_id,
            cidr_block=desired.cidr,
            availability_zone=zones.apply(lambda names: zone_at(region, names, desired.zone_index)),
            map_public_ip_on_launch=False,
            tags={"Name": desired.physical_name},
            # A zone that AWS opens or closes shifts the list; a subnet in use must not move with it.
            opts=pulumi.ResourceOptions.merge(
                self._child, pulumi.ResourceOptions(ignore_changes=["availability_zone"])
            ),
        )
        subnet_id: pulumi.Output[str] = subnet.id
        return subnet_id

    def _routes(self, desired: DesiredNetwork) -> None:
        table = aws.ec2.RouteTable(
            desired.route_table_name,
            region=self._region,
            vpc_id=self.vpc_id,
            tags={"Name": desired.physical_name},
            opts=self._child,
        )
        for subnet, subnet_id in zip(desired.subnets, self.subnet_ids, strict=True):
            aws.ec2.RouteTableAssociation(
                f"{subnet.name}-routes",
                region=self._region,
                route_table_id=table.id,
                subnet_id=subnet_id,
                opts=self._child,
            )
        if desired.internet_gateway:
            self._way_out(desired, table.id)

    def _way_out(self, desired: DesiredNetwork, route_table_id: pulumi.Output[str]) -> None:
        gateway = aws.ec2.InternetGateway(
            f"{desired.name}-gateway",
            region=self._region,
            vpc_id=self.vpc_id,
            tags={"Name": desired.physical_name},
            opts=self._child,
        )
        aws.ec2.Route(
            f"{desired.name}-default-route",
            region=self._region,
            route_table_id=route_table_id,
            destination_cidr_block=EVERYWHERE,
            gateway_id=gateway.id,
            opts=self._child,
        )

    def _security_group(self, desired: DesiredNetwork) -> pulumi.Output[str]:
        group = aws.ec2.SecurityGroup(
            desired.security_group.name,
            region=self._region,
            name=desired.security_group.physical_name,
            description=desired.security_group.description,
            vpc_id=self.vpc_id,
            tags={"Name": desired.security_group.physical_name},
            opts=self._child,
        )
        group_id: pulumi.Output[str] = group.id
        for rule in desired.security_group.ingress:
            self._ingress(rule, group_id)
        return group_id

    def _ingress(self, rule: DesiredIngressRule, security_group_id: pulumi.Output[str]) -> None:
        aws.vpc.SecurityGroupIngressRule(
            rule.name,
            region=self._region,
            security_group_id=security_group_id,
            description=rule.description,
            ip_protocol="tcp",
            from_port=rule.port,
            to_port=rule.port,
            cidr_ipv4=rule.cidr,
            opts=self._child,
        )
