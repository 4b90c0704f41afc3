"""The snapshots of a region in whatever state, with their tags: what making and removing them looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scripts.observe.aws import Clients, asking


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCopy:
    """A snapshot in one region.

    Args:
        taken_at: when it was there; None while it is being made.
        is_automatic: taken, and removed, by RDS itself.
    """

    region: str
    name: str
    arn: str
    status: str
    tags: Mapping[str, str]
    is_automatic: bool
    is_encrypted: bool = False
    taken_at: datetime | None = None


def observe_copies(clients: Clients, region: str) -> tuple[SeenCopy, ...]:
    """Return all snapshots of a region.

    Raises:
        NoAnswer: the region does not answer.
        SaidNo: it does not let us look.

    Effects: RDS DescribeDBSnapshots.
    """
    with asking(f"snapshots of {region}"):
        pages = clients("rds", region).get_paginator("describe_db_snapshots").paginate()
        return tuple(_copy(region, one) for page in pages for one in page["DBSnapshots"])


def _copy(region: str, one: Mapping[str, Any]) -> SeenCopy:
    return SeenCopy(
        region=region,
        name=one["DBSnapshotIdentifier"],
        arn=one["DBSnapshotArn"],
        status=one["Status"],
        tags={tag["Key"]: tag["Value"] for tag in one.get("TagList", ())},
        is_automatic=one.get("SnapshotType") != "manual",
        is_encrypted=bool(one.get("Encrypted")),
        taken_at=one.get("SnapshotCreateTime"),
    )
