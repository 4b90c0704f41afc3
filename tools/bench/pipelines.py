"""The seed's pipelines and ours, over the same verified TLS, to and from the same disk."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from lifeboat.core.clock import SystemClock
from scripts.actions.backup_child import child_environment
from scripts.actions.backup_login import Login
from scripts.actions.backup_programs import Programs, find_programs
from scripts.actions.backup_relay import TlsRelay
from tools.bench.filled_database import MAJOR
from tools.scratch_project import CHECKOUT

_CLOCK = SystemClock()


class SeedPipeline:
    """`pg_dump | gzip` and `gunzip | psql`.

    Args:
        scratch: where the dump lies.
    """

    def __init__(self, scratch: Path) -> None:
        self._dump = scratch / "seed.sql.gz"
        self._programs: Programs = find_programs(MAJOR)

    def dump_s(self, login: Login, database: str) -> float:
        """Dump a database and return how long it took."""
        return self._piped(login, database, [str(self._programs.path("pg_dump"))], ["gzip"])

    def restore_s(self, login: Login, database: str) -> float:
        """Restore what was dumped last into an empty database, and return how long it took."""
        psql = [str(self._programs.path("psql")), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1"]
        return self._piped(login, database, ["gunzip", "--stdout", str(self._dump)], psql)

    def remove(self) -> None:
        """Remove the dump."""
        self._dump.unlink()

    def _piped(self, login: Login, database: str, first: list[str], second: list[str]) -> float:
        with TlsRelay(login.address, login.port, login.tls()) as relay:
            environment = child_environment(relay.directory, login.user, login.password, database)
            began_s = _CLOCK.monotonic_s()
            target = self._dump if second == ["gzip"] else Path(os.devnull)
            with target.open("wb") as file:
                source = subprocess.Popen(first, env=environment, stdout=subprocess.PIPE)
                subprocess.run(second, env=environment, stdin=source.stdout, stdout=file, check=True)
                if source.wait():
                    raise RuntimeError(f"{first[0]} failed")
            return _CLOCK.monotonic_s() - began_s


def ours(what: str, login: Login, scratch: Path, *, fresh: bool = False) -> dict[str, float]:
    """Run ours in a process of its own and return what it measured.

    Args:
        what: `create`, `verify` or `load`.
        login: the server.
        scratch: where copies and spools lie.
        fresh: forget the copies there are.
    """
    store = scratch / "store"
    if fresh:
        shutil.rmtree(store, ignore_errors=True)
    environment = {
        **os.environ,
        "BENCH_STORE": str(store),
        "BENCH_SPOOL": str(scratch / "spool"),
        "BENCH_ADDRESS": login.address,
        "BENCH_PORT": str(login.port),
        "BENCH_USER": login.user,
        "BENCH_PASSWORD": login.password.reveal(),
        "BENCH_DATABASE": "bench",
        "PGSSLROOTCERT": login.authority,
    }
    command = [sys.executable, "-m", "tools.bench.backup_run", what]
    printed = subprocess.run(
        command, env=environment, cwd=CHECKOUT, check=True, stdout=subprocess.PIPE
    ).stdout
    measured: dict[str, float] = json.loads(printed)
    return measured
