"""Which zones a network stands in."""

from __future__ import annotations

import pulumi
import pytest

from infra.resources.zones import ordinary_zones, zone_at
from tests.infra.environments import desired, recorded, recorded_of

PRODUCTION = "production"


def test_zones_are_sorted_and_local_zones_are_left_out() -> None:
    names = ["us-west-2c", "us-west-2-lax-1a", "us-west-2a", "us-west-2-wl1-las-wlz-1", "us-west-2b"]
    assert ordinary_zones("us-west-2", names) == ("us-west-2a", "us-west-2b", "us-west-2c")


def test_too_few_zones_are_said_by_name_and_number() -> None:
    with pytest.raises(pulumi.RunError, match=r"us-west-1: the account sees 2 .* needs 3"):
        zone_at("us-west-1", ("us-west-1a", "us-west-1c"), 2)


def test_a_region_with_too_few_zones_ends_the_program() -> None:
    """us-west-1 shows an account two zones; a network of three cannot be."""
    with pytest.raises(pulumi.RunError, match="us-west-1: the account sees 2"):
        recorded_of(desired(PRODUCTION, lambda data: data["network"].update(zones=3)))


def test_the_subnets_of_a_network_are_in_different_zones_of_its_region() -> None:
    subnets = recorded(PRODUCTION).of("ec2/subnet:Subnet")
    zones = [one.inputs["availabilityZone"] for one in subnets]
    assert len(set(zones)) == len(zones)
    assert all(zone[:-1] == one.region for zone, one in zip(zones, subnets, strict=True))


def test_a_zone_that_opens_does_not_move_a_subnet() -> None:
    assert all(
        "availabilityZone" in one.ignore_changes for one in recorded(PRODUCTION).of("ec2/subnet:Subnet")
    )


def test_zones_are_asked_once_per_network() -> None:
    asked = [arguments["region"] for token, arguments, _ in recorded(PRODUCTION).calls if "Zones" in token]
    assert sorted(asked) == sorted(network.region for network in desired(PRODUCTION).networks)
