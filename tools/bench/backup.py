"""Logical backup against the seed's `pg_dump | gzip`, in turns, on the same server and the same disk.

Both connect over the same verified TLS and write to a directory. What ours does more is in its time: a hash
of every part, a count of every table, the table of contents read back, the roles.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from lifeboat.core.clock import SystemClock
from lifeboat.core.secret import Secret
from scripts.actions.backup_child import child_environment
from scripts.actions.backup_login import Login
from scripts.actions.backup_programs import Programs, find_programs
from scripts.actions.backup_relay import TlsRelay
from tools.bench.database_world import DatabaseWorld
from tools.bench.figure import Figure
from tools.bench.local_service import local_service
from tools.scratch_project import CHECKOUT

MAX_TIME_RATIO = 1 / 3.5
MAX_MEMORY_MB = 200.0
MIN_VERIFIED_MB_S = 1000.0
ROUNDS = 3
MEGABYTES = 1100
TABLES = 4
_CLOCK = SystemClock()
_MAJOR = 16
# As in the measurements that the limit comes from: documents, text and numbers, with indexes.
_FILL = """
create table bulk_{number} (id bigint primary key, at timestamptz not null, body jsonb not null, note text);
insert into bulk_{number}
select n, timestamptz '2026-01-01' + n * interval '1 second',
       jsonb_build_object('customer', n % 5000, 'state', (array['open', 'paid', 'sent'])[1 + n % 3],
                          'token', md5(n::text), 'total', (n % 100000 * 7919 % 100000) / 100.0),
       'order ' || n || ' of customer ' || n % 5000 || ' ' || left(md5((n % 9973)::text), 24) || ' '
       || left(md5((n % 7919)::text), 24) || ' ' || repeat(left(md5((n % 977)::text), 8) || ' ', 6)
from generate_series(1, {rows}) n;
create index on bulk_{number} (at);
"""
_ROWS_PER_MEGABYTE = 2800


def measure_backup() -> list[Figure]:
    """Back up both ways in turns, then verify."""
    with tempfile.TemporaryDirectory(prefix="lifeboat-bench-") as scratch, _world(Path(scratch)) as world:
        world.create("main")
        with world.connect("main") as connection:
            for number in range(TABLES):
                rows = MEGABYTES * _ROWS_PER_MEGABYTE // TABLES
                connection.execute(_FILL.format(number=number, rows=rows).encode())
            connection.execute("vacuum analyze")
            connection.execute("checkpoint")
            [(size,)] = connection.execute("select pg_database_size(current_database())").fetchall()
        bench = _Bench(world.login("main"), Path(scratch))
        rounds = [(bench.seed_s(), bench.ours("create", fresh=True)) for _ in range(ROUNDS)]
        verified = [bench.ours("verify") for _ in range(ROUNDS)]
    return _figures(size / 1e6, rounds, verified)


@contextmanager
def _world(directory: Path) -> Iterator[DatabaseWorld]:
    with local_service(
        "localcloud.postgres", directory / "databases", {"--directory": directory / "data"}
    ) as databases:
        options = {"--databases": databases.url, "--transition-s": 0, "--tick-s": 0.1}
        with local_service("localcloud.aws", directory / "aws", options) as aws:
            yield DatabaseWorld(aws.url, databases, directory / "data")


class _Bench:
    """Both pipelines against one database."""

    def __init__(self, login: dict[str, Any], scratch: Path) -> None:
        self._login = Login(
            address=login["host"],
            port=login["port"],
            user=login["user"],
            password=Secret(login["password"]),
            authority=login["sslrootcert"],
        )
        self._database = str(login["dbname"])
        self._scratch = scratch
        self._programs: Programs = find_programs(_MAJOR)

    def seed_s(self) -> float:
        """Run the seed's pipeline and return how long it took."""
        target = self._scratch / "seed.sql.gz"
        login = self._login
        with TlsRelay(login.address, login.port, login.tls()) as relay:
            environment = child_environment(relay.directory, login.user, login.password, self._database)
            began_s = _CLOCK.monotonic_s()
            with target.open("wb") as file:
                dump = subprocess.Popen(
                    [self._programs.path("pg_dump")], env=environment, stdout=subprocess.PIPE
                )
                subprocess.run(["gzip"], stdin=dump.stdout, stdout=file, check=True)
                if dump.wait():
                    raise RuntimeError("pg_dump failed")
            taken_s = _CLOCK.monotonic_s() - began_s
        target.unlink()
        return taken_s

    def ours(self, what: str, *, fresh: bool = False) -> dict[str, float]:
        """Run ours in a process of its own and return what it measured."""
        store = self._scratch / "store"
        if fresh:
            shutil.rmtree(store, ignore_errors=True)
        environment = {
            **os.environ,
            "BENCH_STORE": str(store),
            "BENCH_SPOOL": str(self._scratch / "spool"),
            "BENCH_ADDRESS": self._login.address,
            "BENCH_PORT": str(self._login.port),
            "BENCH_USER": self._login.user,
            "BENCH_PASSWORD": self._login.password.reveal(),
            "BENCH_DATABASE": self._database,
            "PGSSLROOTCERT": self._login.authority,
        }
        command = [sys.executable, "-m", "tools.bench.backup_run", what]
        printed = subprocess.run(
            command, env=environment, cwd=CHECKOUT, check=True, stdout=subprocess.PIPE
        ).stdout
        measured: dict[str, float] = json.loads(printed)
        return measured


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
