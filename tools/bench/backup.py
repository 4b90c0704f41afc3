"""Logical backup against the seed's `pg_dump | gzip`, in turns, on the same server and the same disk.

Both connect over the same verified TLS and write to a directory. What ours does more is in its time: a hash
of every part, a count of every table, the table of contents read back, the roles.
"""

from __future__ import annotations

from statistics import median

from tools.bench.figure import Figure
from tools.bench.filled_database import SOURCE, filled_database
from tools.bench.pipelines import SeedPipeline, ours

MAX_TIME_RATIO = 1 / 3.5
MAX_MEMORY_MB = 200.0
MIN_VERIFIED_MB_S = 1000.0
ROUNDS = 3


def measure_backup() -> list[Figure]:
    """Back up both ways in turns, then verify."""
    with filled_database() as filled:
        login, seed = filled.login(SOURCE), SeedPipeline(filled.scratch)
        rounds = []
        for _ in range(ROUNDS):
            seed_s = seed.dump_s(login, "bench")
            seed.remove()
            rounds.append((seed_s, ours("create", login, filled.scratch, fresh=True)))
        verified = [ours("verify", login, filled.scratch) for _ in range(ROUNDS)]
        return _figures(filled.size_bytes / 1e6, rounds, verified)


def _figures(
    size_mb: float, rounds: list[tuple[float, dict[str, float]]], verified: list[dict[str, float]]
) -> list[Figure]:
    seed_s = median(seed for seed, _ in rounds)
    ours_s = median(ours["taken_s"] for _, ours in rounds)
    plain_mb = rounds[0][1]["plain_bytes"] / 1e6
    memory_mb = max(ours["memory_bytes"] for _, ours in rounds) / 1e6
    verified_mb_s = median(each["plain_bytes"] / each["processor_s"] / 1e6 for each in verified)
    return [
        Figure(
            name="logical backup of a database, against pg_dump | gzip",
            value=ours_s / seed_s,
            limit=MAX_TIME_RATIO,
            unit="x",
            detail=(
                f"{ours_s:.1f} of {seed_s:.1f} s: {seed_s / ours_s:.1f} times as fast; "
                f"database of {size_mb:.0f} MB, "
                f"{plain_mb:.0f} MB of rows, {plain_mb / ours_s:.0f} against {plain_mb / seed_s:.0f} MB/s"
            ),
        ),
        Figure(
            name="peak memory of a logical backup",
            value=memory_mb,
            limit=MAX_MEMORY_MB,
            unit="MB",
            detail="resident, its largest child included",
        ),
        Figure(
            name="time to verify 1 GB of rows on one core",
            value=1000 / verified_mb_s,
            limit=1000 / MIN_VERIFIED_MB_S,
            unit="s",
            detail=f"{verified_mb_s:.0f} MB/s of plain bytes, all parts hashed and decoded",
        ),
    ]
