"""The network of one region: where its database stands and who may reach it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredSubnet:
    """A subnet. The zone is an index into the region's available zones, sorted by name."""

    name: str
    physical_name: str
    cidr: str
    zone_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredIngressRule:
    """TCP from `cidr` (IPv4 or IPv6) to `port`."""

    name: str
    cidr: str
    port: int
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredSecurityGroup:
    """The security group of the region's database: only listed addresses in, nothing out."""

    name: str
    physical_name: str
    description: str
    ingress: tuple[DesiredIngressRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredNetwork:
    """A VPC with one subnet per zone.

    Args:
        name: logical name, `network-<region>`.
        physical_name: the `Name` tag.
        internet_gateway: true when listed public addresses must reach the database (`reach: allowlist`); it
            brings the gateway and the default route.
        route_table_name: logical name of the route table; associations are `<subnet name>-routes`.
    """

    name: str
    physical_name: str
    region: str
    cidr: str
    subnets: tuple[DesiredSubnet, ...]
    security_group: DesiredSecurityGroup
    route_table_name: str
    internet_gateway: bool
    dns_support: bool = True
    dns_hostnames: bool = True
