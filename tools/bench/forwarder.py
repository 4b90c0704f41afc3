"""What an endpoint costs: a bulk COPY with TLS through the forwarder, against one straight to the server.

The client is a process of its own, as an application is, and the forwarder has this one for itself, as in the
local cloud. Both ways of each direction are measured in turns.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from psycopg.conninfo import make_conninfo

from lifeboat.core.secret import Secret
from lifeboat.postgres.account import Account
from localcloud.postgres.authority import Authority
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.empty import make_empty
from localcloud.postgres.endpoints import Endpoints
from localcloud.postgres.private_port import private_port
from localcloud.postgres.roles import Master
from localcloud.postgres.server import Server
from localcloud.postgres.settings import Settings
from localcloud.postgres.template import Template
from tools.bench.figure import Figure

MAX_RATIO = 2.0
"""At least half of a direct connection's throughput."""
ROUNDS = 5
MEGABYTES = 50
_REGION, _IDENTIFIER = "us-west-1", "bench"
_MASTER = Master(username="bench", password=Secret("not-a-secret-1"))
_DATABASE = "bench"
_CLIENT = """
import sys, time, psycopg
url, direction, megabytes = sys.argv[1:]
chunk = (b"1234567\\t" + b"x" * 91 + b"\\n") * 10000
with psycopg.connect(url, autocommit=True) as connection:
    if direction == "in":
        connection.execute("drop table if exists bulk")
        connection.execute("create table bulk (id int, text text)")
    started_s = time.monotonic()
    if direction == "in":
        with connection.cursor().copy("copy bulk from stdin") as copy:
            for _ in range(int(megabytes)):
                copy.write(chunk)
    else:
        with connection.cursor().copy("copy bulk to stdout") as copy:
            assert sum(len(part) for part in copy) == len(chunk) * int(megabytes)
    print(time.monotonic() - started_s)
"""


def measure_forwarder() -> list[Figure]:
    """Copy in and out, directly and through an endpoint, and compare the medians."""
    with _server() as server:
        return asyncio.run(_measure(server))


async def _measure(server: Server) -> list[Figure]:
    taken: dict[tuple[str, bool], list[float]] = {
        (way, tls): [] for way in ("in", "out") for tls in (False, True)
    }
    async with _urls(server) as (direct, forwarded):
        for _ in range(ROUNDS):
            for (way, tls), times in taken.items():
                times.append(await _copy_s(forwarded if tls else direct, way))
    medians = {key: statistics.median(times) for key, times in taken.items()}
    return [_figure(way, medians[way, False], medians[way, True]) for way in ("in", "out")]


def _figure(way: str, direct_s: float, forwarded_s: float) -> Figure:
    return Figure(
        name=f"bulk COPY {way} through an endpoint, against a direct connection",
        value=forwarded_s / direct_s,
        limit=MAX_RATIO,
        unit="x",
        detail=(
            f"{MEGABYTES / forwarded_s:.0f} of {MEGABYTES / direct_s:.0f} MB/s: "
            f"{direct_s / forwarded_s:.0%} of the throughput; TLS, verify-full"
        ),
    )


async def _copy_s(url: str, way: str) -> float:
    command = (sys.executable, "-c", _CLIENT, url, way, str(MEGABYTES))
    environment = {**os.environ, "PGPASSWORD": _MASTER.password.reveal()}
    client = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    printed, _ = await client.communicate()
    return float(printed)


@asynccontextmanager
async def _urls(server: Server) -> AsyncIterator[tuple[str, str]]:
    """Open an endpoint; yield how to connect directly and through it."""
    common = {"host": "127.0.0.1", "dbname": _DATABASE, "user": _MASTER.username}
    with tempfile.TemporaryDirectory(prefix="lifeboat-bench-") as directory:
        authority = Authority(Path(directory))
        endpoints = Endpoints(authority)
        port = endpoints.open(_REGION, _IDENTIFIER, ("127.0.0.1", server.port), force_ssl=True)
        strict = {"sslmode": "verify-full", "sslrootcert": str(authority.ca_file)}
        try:
            yield (
                make_conninfo("", **common, port=server.port),
                make_conninfo("", **common, **strict, port=port),
            )
        finally:
            await endpoints.stop()


@contextmanager
def _server() -> Iterator[Server]:
    # Not a TemporaryDirectory: PostgreSQL's account has to pass through it.
    directory = Path(tempfile.mkdtemp(prefix="lifeboat-bench-"))
    directory.chmod(0o755)
    account, binaries = Account.current(), Binaries.of(16)
    template = Template(binaries=binaries, account=account, directory=directory / "templates")
    server = Server(binaries, account, directory / "data", private_port(frozenset()), directory / "sockets")
    try:
        settings = Settings.of(binaries, account, {})
        make_empty(template, server.data, master=_MASTER, database=_DATABASE, settings=settings)
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(directory)
