"""Which availability zones a region offers, in an order that does not depend on the answer's."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from infra.resources.scope import Scope


def zone_names(region: str, scope: Scope) -> pulumi.Output[tuple[str, ...]]:
    """Return the names of a region's availability zones, sorted.

    Source: EC2 API, DescribeAvailabilityZones.
    """
    answer = aws.get_availability_zones_output(region=region, state="available", opts=scope.invoke())
    names: pulumi.Output[list[str]] = answer.names
    return names.apply(lambda every: ordinary_zones(region, every))


def ordinary_zones(region: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the region's own zones, sorted; Local Zones (`us-west-2-lax-1a`) cannot hold an RDS instance."""
    return tuple(sorted(name for name in names if name[:-1] == region))


def zone_at(region: str, zones: Sequence[str], index: int) -> str:
    """Return the zone a subnet stands in.

    Raises:
        pulumi.RunError: the region offers this account fewer zones than the network has subnets.
    """
    if index >= len(zones):
        msg = (
            f"region {region}: the account sees {len(zones)} availability zones, "
            f"the network needs {index + 1}"
            "\n\nhint: choose another region, or ask AWS which zones the account may use"
        )
        raise pulumi.RunError(msg)
    return zones[index]
