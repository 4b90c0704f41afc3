"""Restores against the seed's, in turns: the logical one, and the round trip through a snapshot.

Ours does more in its time: it hashes every part, makes roles, counts every row, and analyses the tables.
"""

from __future__ import annotations

import sys
from statistics import median

from lifeboat.core.clock import SystemClock
from tools.bench.figure import Figure
from tools.bench.filled_database import MEGABYTES, SOURCE, Filled, filled_database
from tools.bench.pipelines import SeedPipeline, ours

MAX_LOGICAL_RATIO = 1 / 1.4
MAX_SNAPSHOT_RATIO = 1 / 6
ROUNDS = 3
_TARGET = "target"
_DATABASE = "bench"
_CLOCK = SystemClock()


def measure_restore(rounds: int = ROUNDS, megabytes: int = MEGABYTES) -> list[Figure]:
    """Dump once ours, then restore all three ways in turns."""
    with filled_database(megabytes) as filled:
        filled.world.create(_TARGET)
        ours("create", filled.login(SOURCE), filled.scratch, fresh=True)
        measured = [_round(filled, number) for number in range(rounds)]
        return _figures(filled.size_bytes / 1e6, measured)


def _round(filled: Filled, number: int) -> dict[str, float]:
    seed = SeedPipeline(filled.scratch)
    source, target = filled.login(SOURCE), filled.login(_TARGET)
    dump_s = seed.dump_s(source, _DATABASE)
    _empty(filled)
    restore_s = seed.restore_s(target, _DATABASE)
    seed.remove()
    _empty(filled)
    loaded = ours("load", target, filled.scratch)
    _empty(filled)
    began_s = _CLOCK.monotonic_s()
    filled.world.snapshot(SOURCE, f"round-{number}")
    filled.world.restore(f"round-{number}", f"restored-{number}")
    with filled.world.connect(f"restored-{number}") as connection:
        connection.execute("select count(*) from bulk_0 where id < 10")
    snapshot_s = _CLOCK.monotonic_s() - began_s
    filled.world.delete(f"restored-{number}")
    return {"dump": dump_s, "restore": restore_s, "ours": loaded["taken_s"], "snapshot": snapshot_s}


def _empty(filled: Filled) -> None:
    """Give the target an empty database, and let the disk come to rest."""
    with filled.world.connect(_TARGET, "postgres") as connection:
        connection.execute(f"drop database if exists {_DATABASE} with (force)".encode())
        connection.execute(f"create database {_DATABASE}".encode())
        connection.execute("checkpoint")


def _figures(size_mb: float, measured: list[dict[str, float]]) -> list[Figure]:
    dump_s, restore_s, ours_s, snapshot_s = (
        median(one[name] for one in measured) for name in ("dump", "restore", "ours", "snapshot")
    )
    trip_s = dump_s + restore_s
    return [
        Figure(
            name="logical restore of a database, against gunzip | psql",
            value=ours_s / restore_s,
            limit=MAX_LOGICAL_RATIO,
            unit="x",
            detail=f"{ours_s:.1f} of {restore_s:.1f} s: {restore_s / ours_s:.1f} times as fast; "
            f"database of {size_mb:.0f} MB, rows counted and tables analysed in our time",
        ),
        Figure(
            name="round trip through a snapshot, against dump and restore",
            value=snapshot_s / trip_s,
            limit=MAX_SNAPSHOT_RATIO,
            unit="x",
            detail=f"{snapshot_s:.1f} of {trip_s:.1f} s: {trip_s / snapshot_s:.1f} times as fast; "
            "snapshot, restore, first query",
        ),
    ]


if __name__ == "__main__":
    for figure in measure_restore(*(int(text) for text in sys.argv[1:])):
        print(figure)
