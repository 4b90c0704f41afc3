"""How long the planner of a restore takes by itself, over all that a long-lived environment has to offer."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from lifeboat.core.clock import SystemClock
from lifeboat.core.contract import Contract
from scripts.backup.listing import Backup
from scripts.engine.forecast import Sample
from scripts.observe.databases import SeenBackups, SeenRegion, SeenSnapshot
from scripts.observe.instance import SeenInstance
from scripts.plans.database_restore import plan_restore
from scripts.plans.restore_request import read_request
from tests.backup.manifests import a_manifest
from tests.builders import HOME, OTHER, a_contract, a_database_document
from tools.bench.figure import Figure

POINTS = 1000
SAMPLES = 4000
MAX_MS = 1000.0
_NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
_DATABASE = a_database_document()
_KINDS = ("database-restore", "database-snapshot", "database-load", "database-content")


def measure_planning(*, rounds: int) -> list[Figure]:
    """Time the plan of a swap to the latest moment, forecast from what every earlier step measured."""
    contract, world, history = _contract(), _world(), _history()
    found = sum(len(one.backups) + len(one.snapshots) + len(one.copies) for one in world.values())
    if found != POINTS:
        msg = f"the world has {found} points, not {POINTS}"
        raise RuntimeError(msg)
    request = read_request("latest", "", now=_NOW)
    clock, times = SystemClock(), []
    for _ in range(rounds):
        start_s = clock.monotonic_s()
        plan = plan_restore(contract, world, request, now=_NOW, history=history)
        plan.to_bytes()
        times.append(clock.monotonic_s() - start_s)
    return [
        Figure(
            name=f"plan a restore over {POINTS} points",
            value=statistics.median(times) * 1000,
            limit=MAX_MS,
            unit="ms",
            detail=f"{len(plan.steps)} steps, {SAMPLES} earlier steps, median of {rounds}",
        )
    ]


def _contract() -> Contract:
    return a_contract(databases={HOME: {**_DATABASE, "name": "shop"}})


def _world() -> dict[str, SeenRegion]:
    each = POINTS // 10
    return {
        region: SeenRegion(
            region=region,
            instances=(_instance(),) if region == HOME else (),
            backups=tuple(_windows(each)),
            snapshots=tuple(_snapshots(region, 2 * each)),
            copies=tuple(_copies(2 * each)),
        )
        for region in (HOME, OTHER)
    }


def _instance() -> SeenInstance:
    return SeenInstance(
        identifier=_DATABASE["identifier"],
        resource_id="db-0",
        arn=_DATABASE["arn"],
        status="available",
        address=_DATABASE["address"],
        port=_DATABASE["port"],
        engine_version=_DATABASE["engine_version"],
        storage_gib=200,
        settings={},
        tags={},
    )


def _windows(count: int) -> Iterator[SeenBackups]:
    """Yield the window of the primary, and those of instances that had its place before."""
    for number in range(count):
        latest_at = _NOW - timedelta(minutes=5, days=number)
        yield SeenBackups(
            arn=f"arn:aws:rds:us-east-2:123456789012:auto-backup:ab-{number}",
            resource_id=f"db-{number}",
            earliest_at=latest_at - timedelta(days=30),
            latest_at=latest_at,
            instance=_DATABASE["identifier"],
        )


def _snapshots(region: str, count: int) -> Iterator[SeenSnapshot]:
    for number in range(count):
        yield SeenSnapshot(
            name=f"{region}-{number}",
            taken_at=_NOW - timedelta(hours=number),
            resource_id="db-0",
            is_automatic=number % 2 == 0,
            instance=_DATABASE["identifier"],
            storage_gib=200,
        )


def _copies(count: int) -> Iterator[Backup]:
    for number in range(count):
        yield Backup(manifest=a_manifest(number, stopped_at=_NOW - timedelta(days=number)))


def _history() -> Sequence[Sample]:
    """Return earlier steps, each of another size, as databases grow."""
    return [
        Sample(kind=_KINDS[number % len(_KINDS)], size=20 + number / 7, duration_s=300 + number % 97)
        for number in range(SAMPLES)
    ]
