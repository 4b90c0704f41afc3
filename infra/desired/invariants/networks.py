"""Networks: ranges apart from each other, subnets within them, two zones at least."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations

from infra.config.problem import Problem
from infra.desired.model import DesiredEnvironment, DesiredNetwork

_FEWEST_ZONES = 2


def network_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    """Yield what RDS or a later peering would refuse."""
    for one, other in combinations(desired.networks, 2):
        if IPv4Network(one.cidr).overlaps(IPv4Network(other.cidr)):
            yield Problem(path=(other.name,), message=f"{other.cidr} overlaps {one.cidr} of {one.name}")
    for network in desired.networks:
        yield from _subnet_problems(network)
        if len({subnet.zone_index for subnet in network.subnets}) < _FEWEST_ZONES:
            yield Problem(path=(network.name,), message=f"must span {_FEWEST_ZONES} zones")


def _subnet_problems(network: DesiredNetwork) -> Iterator[Problem]:
    whole = IPv4Network(network.cidr)
    for subnet in network.subnets:
        if not IPv4Network(subnet.cidr).subnet_of(whole):
            yield Problem(path=(subnet.name,), message=f"{subnet.cidr} is outside {network.cidr}")
    for one, other in combinations(network.subnets, 2):
        if IPv4Network(one.cidr).overlaps(IPv4Network(other.cidr)):
            yield Problem(path=(other.name,), message=f"{other.cidr} overlaps {one.name}")
