"""Builds the network of each region; none when there is no database to hold."""

from __future__ import annotations

from ipaddress import IPv4Network

from infra.config import EnvironmentConfig
from infra.config.network import Network, Reach
from infra.desired.model import DesiredIngressRule, DesiredNetwork, DesiredSecurityGroup, DesiredSubnet
from infra.desired.names import Names

# Sixteen subnets fit into a network, so zones can be added without moving the first ones.
_SUBNET_BITS = 4


def network_name(region: str) -> str:
    """Return the logical name of a region's network."""
    return f"network-{region}"


def build_networks(config: EnvironmentConfig) -> tuple[DesiredNetwork, ...]:
    """Return a network per region, home first; both exist before they are needed."""
    if config.network is None or config.database is None:
        return ()
    names, port = Names.of(config), config.database.port
    return tuple(_network(config.network, region, names, port) for region in config.topology.regions)


def _network(network: Network, region: str, names: Names, port: int) -> DesiredNetwork:
    name = network_name(region)
    return DesiredNetwork(
        name=name,
        physical_name=names.regional(region, "network"),
        region=region,
        cidr=network.cidrs[region],
        subnets=_subnets(network, region, names),
        security_group=_security_group(network, region, names, port),
        route_table_name=f"{name}-routes",
        internet_gateway=network.reach is Reach.ALLOWLIST,
    )


def _subnets(network: Network, region: str, names: Names) -> tuple[DesiredSubnet, ...]:
    ranges = IPv4Network(network.cidrs[region]).subnets(prefixlen_diff=_SUBNET_BITS)
    return tuple(
        DesiredSubnet(
            name=f"{network_name(region)}-zone-{index}",
            physical_name=names.regional(region, f"zone-{index}"),
            cidr=str(cidr),
            zone_index=index,
        )
        for index, cidr in zip(range(network.zones), ranges, strict=False)
    )


def _security_group(network: Network, region: str, names: Names, port: int) -> DesiredSecurityGroup:
    name = f"{network_name(region)}-database"
    return DesiredSecurityGroup(
        name=name,
        physical_name=names.regional(region, "database"),
        description="PostgreSQL from listed addresses only, nothing outgoing",
        ingress=tuple(
            DesiredIngressRule(
                name=f"{name}-from-{admitted.cidr.replace('/', '-')}",
                cidr=admitted.cidr,
                port=port,
                description=admitted.description,
            )
            for admitted in network.admitted
        ),
    )
