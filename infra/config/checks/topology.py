"""Regions: known, two, able to replicate to each other, each with a living Fly region."""

from __future__ import annotations

from collections.abc import Iterator

from infra.config.environment import EnvironmentConfig
from infra.config.explain import suggestion
from infra.config.problem import Problem, problem
from infra.config.regions import PARTITION_OF, can_replicate
from infra.config.topology import Topology
from lifeboat.fly.rules.regions import fly_region_problem


def topology_problems(config: EnvironmentConfig) -> Iterator[Problem]:
    """Yield what is wrong with the topology."""
    topology = config.topology
    yield from _pair_problems(topology)
    if topology.primary_region not in topology.regions:
        yield problem("topology.primary_region", f"must be one of {', '.join(topology.regions)}")
    yield from region_key_problems("topology.fly_regions", topology.fly_regions, topology)
    for region, code in topology.fly_regions.items():
        message = fly_region_problem(code)
        if message is not None:
            yield Problem(path=("topology", "fly_regions", region), message=message)
    codes = list(topology.fly_regions.values())
    if len(set(codes)) < len(codes):
        yield problem(
            "topology.fly_regions", "both regions have the same fly region; one loss would take both"
        )


def region_key_problems(path: str, by_region: dict[str, str], topology: Topology) -> Iterator[Problem]:
    """Yield a problem for each region a mapping lacks or should not have."""
    for region in topology.regions:
        if region not in by_region:
            yield problem(path, f"has no entry for {region}")
    for region in by_region:
        if region not in topology.regions:
            yield Problem(path=(*path.split("."), region), message="is not one of topology.regions")


def _pair_problems(topology: Topology) -> Iterator[Problem]:
    home, other = topology.regions
    unknown = [(position, region) for position, region in enumerate(topology.regions) if not _known(region)]
    for position, region in unknown:
        close = suggestion(region, tuple(PARTITION_OF)).partition("; known")[0]
        yield Problem(path=("topology", "regions", position), message=f"unknown aws region {region!r}{close}")
    if unknown:
        return
    if home == other:
        yield problem("topology.regions", f"both are {home}; a region cannot be its own recovery region")
    elif PARTITION_OF[home] != PARTITION_OF[other]:
        yield problem(
            "topology.regions",
            f"{home} is in partition {PARTITION_OF[home]}, {other} in {PARTITION_OF[other]}; "
            "nothing replicates between partitions",
        )
    elif not can_replicate(home, other):
        yield problem("topology.regions", f"rds is not known to replicate between {home} and {other}")


def _known(region: str) -> bool:
    return region in PARTITION_OF
