"""What the local databases take: through boto3 as a program sees them, with simulated delays off.

Copies are compared with a plain copy of the same files on the same disk, in the same run.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import psycopg

from lifeboat.core.clock import SystemClock
from tools.bench.database_world import DatabaseWorld
from tools.bench.figure import Figure
from tools.bench.local_service import local_service

MAX_CREATE_S = 2.0
MAX_TAKEOVER_S = 1.0
MAX_INSTANCE_MB = 40.0
MAX_COPY_RATIO = 1 / 0.7
"""At least 70 % of the speed of a plain copy."""
MEGABYTES = 1000
AT_ONCE = 10
ROUNDS = 3
_CLOCK = SystemClock()
# Incompressible enough, and nothing that autovacuum would rewrite while it is copied.
_FILL = """
create table bulk as
select number, repeat(md5(number::text), 30) as text from generate_series(1, {rows}) number
"""
_ROWS_PER_MEGABYTE = 1000


def measure_databases() -> list[Figure]:
    """Create, copy, restore, take over, and look at the memory of ten."""
    with tempfile.TemporaryDirectory(prefix="lifeboat-bench-") as scratch, _world(Path(scratch)) as world:
        first_s = _timed_s(lambda: world.create("first"))
        created_s = median(_timed_s(partial(world.create, f"empty-{number}")) for number in range(ROUNDS))
        made = f"PostgreSQL 16, empty; {first_s:.1f} s for the first, which makes the template"
        return [
            _seconds("a database from create to available", created_s, MAX_CREATE_S, made),
            *_copies(world),
            _takeover(world),
            *_many(world),
        ]


@contextmanager
def _world(directory: Path) -> Iterator[DatabaseWorld]:
    files = {"--directory": directory / "data", "--archive-interval-s": 1}
    with local_service("localcloud.postgres", directory / "databases", files) as databases:
        options = {"--databases": databases.url, "--transition-s": 0, "--tick-s": 0.1}
        with local_service("localcloud.aws", directory / "aws", options) as aws:
            yield DatabaseWorld(aws.url, databases, directory / "data")


def _copies(world: DatabaseWorld) -> list[Figure]:
    with world.connect("first") as connection:
        connection.execute(_FILL.format(rows=MEGABYTES * _ROWS_PER_MEGABYTE))
        connection.execute("checkpoint")
    # Without the log, which goes on: segments come and go while they are copied.
    data = world.data_of("first") / "base"
    ways: tuple[Callable[[int], None], ...] = (
        lambda _: _plain_copy(data),
        lambda number: world.snapshot("first", f"copy-{number}"),
        lambda number: world.restore(f"copy-{number}", f"second-{number}"),
    )
    # In turns, so that a busy disk meets all of them alike.
    taken = [[_timed_s(partial(way, number)) for way in ways] for number in range(ROUNDS)]
    plain_s, snapshot_s, restored_s = (median(times) for times in zip(*taken, strict=True))
    size_mb = sum(file.stat().st_size for file in data.rglob("*") if file.is_file()) / 1e6
    detail = f"of {size_mb:.0f} MB; a plain copy took {plain_s:.1f} s"
    return [
        Figure(
            name=f"{name}, against a plain copy of its files",
            value=taken_s / plain_s,
            limit=MAX_COPY_RATIO,
            unit="x",
            detail=f"{taken_s:.1f} s {detail}",
        )
        for name, taken_s in (("snapshot of a database", snapshot_s), ("restore of a snapshot", restored_s))
    ]


def _plain_copy(data: Path) -> None:
    with tempfile.TemporaryDirectory(dir=data.parent) as target:
        subprocess.run(["cp", "-r", data, target], check=True)


def _takeover(world: DatabaseWorld) -> Figure:
    """Fence a primary, promote its replica, and write there."""
    world.replicate("first", "standby")

    def take_over() -> None:
        world.fault({"kind": "cut", "region": world.region, "identifier": "first"})
        world.promote("standby")
        world.until(lambda: _writes(world))

    taken_s = _timed_s(take_over)
    return _seconds("fence, promote and first write", taken_s, MAX_TAKEOVER_S, "a replica that had caught up")


def _writes(world: DatabaseWorld) -> bool:
    try:
        with world.connect("standby") as connection:
            connection.execute("create table proof ()")
    except psycopg.Error:
        return False
    return True


def _many(world: DatabaseWorld) -> list[Figure]:
    before = psutil.Process(world.databases.pid).memory_full_info().uss
    names = [f"one-of-ten-{number}" for number in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        taken_s = _timed_s(lambda: list(pool.map(world.create, names)))
    share = (psutil.Process(world.databases.pid).memory_full_info().uss - before) / AT_ONCE
    sizes = [_server_bytes(world.data_of(name)) + share for name in names]
    return [
        Figure(
            name=f"{AT_ONCE} databases at once, until all are available",
            value=taken_s,
            limit=None,
            unit="s",
            detail=f"{taken_s / AT_ONCE:.2f} s each",
        ),
        Figure(
            name="memory of the largest idle database with its endpoint",
            value=max(sizes) / 1e6,
            limit=MAX_INSTANCE_MB,
            unit="MB",
            detail=f"proportional set size of its processes, and {share / 1e6:.1f} MB of the service",
        ),
    ]


def _server_bytes(data: Path) -> float:
    """Add up the proportional set sizes of a server's processes."""
    total = 0.0
    for process in psutil.process_iter():
        try:
            if process.name() == "postgres" and process.cwd() == str(data):
                total += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total


def _seconds(name: str, taken_s: float, limit_s: float, detail: str) -> Figure:
    return Figure(name=name, value=taken_s, limit=limit_s, unit="s", detail=detail)


def _timed_s(action: Callable[[], Any]) -> float:
    start_s = _CLOCK.monotonic_s()
    action()
    return _CLOCK.monotonic_s() - start_s
