"""Regions and networks that cannot work are refused at the key that has to change."""

import pytest

from infra.config.regions import PARTITION_OF, can_replicate
from tests.unit.infra.texts import ABSENT, changed, problems_of


def refused(path: str, value: object) -> list[str]:
    """Return what production is refused for, with two admitted offices in place of its apps' egress."""
    offices = [
        {"cidr": "203.0.113.10/32", "description": "office gateway"},
        {"cidr": "203.0.113.20/32", "description": "other office"},
    ]
    admitted = (("network.admitted", offices), ("fly.apps.web.egress", False))
    return problems_of(changed("production", *admitted, (path, value)))


@pytest.mark.parametrize(
    ("regions", "line"),
    [
        (
            ["us-west-1", "us-west-1"],
            "topology.regions: both are us-west-1; a region cannot be its own recovery region",
        ),
        (
            ["us-west-1", "cn-north-1"],
            "topology.regions: us-west-1 is in partition aws, cn-north-1 in aws-cn; "
            "nothing replicates between partitions",
        ),
        (
            ["us-west-1", "us-est-2"],
            "topology.regions[1]: unknown aws region 'us-est-2'; did you mean 'us-west-2'?",
        ),
        (
            ["us-iso-east-1", "us-iso-west-1"],
            "topology.regions: rds is not known to replicate between us-iso-east-1 and us-iso-west-1",
        ),
    ],
)
def test_an_impossible_pair_of_regions_is_refused(regions: list[str], line: str) -> None:
    assert refused("topology.regions", regions)[0] == line


def test_replication_is_symmetric_and_never_with_itself() -> None:
    regions = sorted(PARTITION_OF)
    for one in regions:
        assert not can_replicate(one, one)
        for other in regions:
            assert can_replicate(one, other) == can_replicate(other, one)


@pytest.mark.parametrize(
    ("fly_regions", "line"),
    [
        (
            {"us-west-1": "sea", "us-east-2": "ord"},
            "topology.fly_regions.us-west-1: fly region 'sea' was retired; the nearest is 'sjc'",
        ),
        ({"us-west-1": "sjc"}, "topology.fly_regions: has no entry for us-east-2"),
        (
            {"us-west-1": "sjc", "us-east-2": "ord", "eu-west-1": "lhr"},
            "topology.fly_regions.eu-west-1: is not one of topology.regions",
        ),
        (
            {"us-west-1": "sjc", "us-east-2": "sjc"},
            "topology.fly_regions: both regions have the same fly region; one loss would take both",
        ),
    ],
)
def test_fly_regions_must_live_and_differ(fly_regions: dict[str, str], line: str) -> None:
    assert refused("topology.fly_regions", fly_regions) == [line]


def test_an_unknown_fly_region_is_answered_with_the_known_ones() -> None:
    (line,) = refused("topology.fly_regions.us-west-1", "xyz")
    assert line.startswith(
        "topology.fly_regions.us-west-1: unknown fly region 'xyz'; known are ams, arn, bom,"
    )


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("network.waiver", ABSENT, "network.waiver: is missing; reach allowlist needs a written reason"),
        ("network.admitted", [], "network.admitted: is empty; with reach allowlist nobody could connect"),
        (
            "network.admitted.0.cidr",
            "0.0.0.0/0",
            "network.admitted[0].cidr: 0.0.0.0/0 admits 4294967296 addresses; /24 is the widest allowed",
        ),
        (
            "network.admitted.0.cidr",
            "10.1.2.0/24",
            "network.admitted[0].cidr: 10.1.2.0/24 is not a public range; reach is allowlist",
        ),
        (
            "network.admitted.1.cidr",
            "fdaa::1/128",
            "network.admitted[1].cidr: 'fdaa::1/128' is not an ipv4 range such as 203.0.113.7/32",
        ),
        (
            "network.cidrs.us-east-2",
            "10.20.128.0/17",
            "network.cidrs: 10.20.128.0/17 of us-east-2 overlaps 10.20.0.0/16 of us-west-1",
        ),
        (
            "network.cidrs.us-east-2",
            "8.8.0.0/16",
            "network.cidrs.us-east-2: 8.8.0.0/16 is not a private range (rfc 1918)",
        ),
        ("network.cidrs.us-east-2", "10.0.0.0/8", "network.cidrs.us-east-2: must be between /16 and /24"),
        (
            "network.cidrs.us-east-2",
            "10.1.2.3/16",
            "network.cidrs.us-east-2: '10.1.2.3/16' is not an ipv4 range such as 10.20.0.0/16",
        ),
        ("network.zones", 1, "network.zones: must be at least 2"),
    ],
)
def test_networks_admit_only_who_was_meant(path: str, value: object, line: str) -> None:
    assert refused(path, value) == [line]


def test_private_reach_takes_no_waiver_and_no_public_address() -> None:
    assert refused("network.reach", "private") == [
        "network.waiver: waives nothing while reach is private; leave it out",
        "network.admitted[0].cidr: 203.0.113.10/32 is not a private range; reach is private",
        "network.admitted[1].cidr: 203.0.113.20/32 is not a private range; reach is private",
    ]


def test_a_network_and_a_database_come_together() -> None:
    assert refused("network", ABSENT) == ["network: is missing; the database needs it"]
    assert "network: has nothing to hold without a database; leave it out" in refused("database", ABSENT)
