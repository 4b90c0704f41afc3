"""Address ranges: private, apart from each other, and admitting only who was meant."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from infra.config.checks.topology import region_key_problems
from infra.config.environment import EnvironmentConfig
from infra.config.network import Admitted, Network, Reach
from infra.config.problem import Problem, problem

_PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
_NEVER_PUBLIC = (
    *_PRIVATE,
    *map(IPv4Network, ("0.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16")),
)
_WIDEST, _NARROWEST = 16, 24
_WIDEST_ADMITTED = 24


def network_problems(config: EnvironmentConfig) -> Iterator[Problem]:
    """Yield what is wrong with the network, or with having or not having one."""
    network = config.network
    if network is None or config.database is None:
        if network is None and config.database is not None:
            yield problem("network", "is missing; the database needs it")
        if network is not None:
            yield problem("network", "has nothing to hold without a database; leave it out")
        return
    yield from region_key_problems("network.cidrs", network.cidrs, config.topology)
    yield from _range_problems(network)
    yield from _reach_problems(network, has_egress=has_egress(config))
    for position, admitted in enumerate(network.admitted):
        message = _admitted_problem(admitted, network.reach)
        if message is not None:
            yield Problem(path=("network", "admitted", position, "cidr"), message=message)


def parse_cidr(text: str) -> IPv4Network | None:
    """Read an IPv4 range; None when it is not one or has bits set behind its prefix."""
    try:
        return IPv4Network(text)
    except ValueError:
        return None


def _range_problems(network: Network) -> Iterator[Problem]:
    ranges: dict[str, IPv4Network] = {}
    for region, text in network.cidrs.items():
        found = parse_cidr(text)
        path = ("network", "cidrs", region)
        if found is None:
            yield Problem(path=path, message=f"{text!r} is not an ipv4 range such as 10.20.0.0/16")
        elif not any(found.subnet_of(private) for private in _PRIVATE):
            yield Problem(path=path, message=f"{text} is not a private range (rfc 1918)")
        elif not _WIDEST <= found.prefixlen <= _NARROWEST:
            yield Problem(path=path, message=f"must be between /{_WIDEST} and /{_NARROWEST}")
        else:
            ranges[region] = found
    for region, found in ranges.items():
        for other in [name for name in ranges if name > region and ranges[name].overlaps(found)]:
            yield problem("network.cidrs", f"{found} of {region} overlaps {ranges[other]} of {other}")


def has_egress(config: EnvironmentConfig) -> bool:
    """Tell whether an app brings static egress addresses, which the databases admit."""
    return config.fly is not None and any(app.egress for app in config.fly.apps.values())


def _reach_problems(network: Network, *, has_egress: bool) -> Iterator[Problem]:
    if network.reach is Reach.ALLOWLIST:
        if network.waiver is None:
            yield problem("network.waiver", "is missing; reach allowlist needs a written reason")
        if not network.admitted and not has_egress:
            yield problem("network.admitted", "is empty; with reach allowlist nobody could connect")
        return
    if network.waiver is not None:
        yield problem("network.waiver", "waives nothing while reach is private; leave it out")
    if has_egress:
        yield problem("network.reach", "is private; static egress addresses of fly apps are public")


def _admitted_problem(admitted: Admitted, reach: Reach) -> str | None:
    found = parse_cidr(admitted.cidr)
    if found is None:
        return f"{admitted.cidr!r} is not an ipv4 range such as 203.0.113.7/32"
    if found.prefixlen < _WIDEST_ADMITTED:
        return f"{found} admits {found.num_addresses} addresses; /{_WIDEST_ADMITTED} is the widest allowed"
    if reach is Reach.ALLOWLIST and any(found.overlaps(private) for private in _NEVER_PUBLIC):
        return f"{found} is not a public range; reach is allowlist"
    if reach is Reach.PRIVATE and not any(found.subnet_of(private) for private in _PRIVATE):
        return f"{found} is not a private range; reach is private"
    return None
