"""The database that both pipelines of a comparison copy and restore: documents, text and numbers, indexed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lifeboat.core.secret import Secret
from scripts.actions.backup_login import Login
from tools.bench.database_world import DatabaseWorld
from tools.bench.local_service import local_service

MEGABYTES = 1100
TABLES = 4
MAJOR = 16
SOURCE = "main"
# As in the measurements that the limits come from.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A cloud with the filled database in it.

    Args:
        world: the cloud.
        scratch: room for what is measured.
        size_bytes: of the database, indexes included.
    """

    world: DatabaseWorld
    scratch: Path
    size_bytes: int

    def login(self, name: str) -> Login:
        """Return how a database's master gets in."""
        found = self.world.login(name)
        return Login(
            address=found["host"],
            port=found["port"],
            user=found["user"],
            password=Secret(found["password"]),
            authority=found["sslrootcert"],
        )


@contextmanager
def filled_database(megabytes: int = MEGABYTES) -> Iterator[Filled]:
    """Run a cloud with the filled database, `SOURCE`, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="lifeboat-bench-") as scratch, _world(Path(scratch)) as world:
        world.create(SOURCE)
        with world.connect(SOURCE) as connection:
            for number in range(TABLES):
                rows = megabytes * _ROWS_PER_MEGABYTE // TABLES
                connection.execute(_FILL.format(number=number, rows=rows).encode())
            connection.execute("vacuum analyze")
            connection.execute("checkpoint")
            [(size,)] = connection.execute("select pg_database_size(current_database())").fetchall()
        yield Filled(world=world, scratch=Path(scratch), size_bytes=size)


@contextmanager
def _world(directory: Path) -> Iterator[DatabaseWorld]:
    with local_service(
        "localcloud.postgres", directory / "databases", {"--directory": directory / "data"}
    ) as databases:
        options = {"--databases": databases.url, "--transition-s": 0, "--tick-s": 0.1}
        with local_service("localcloud.aws", directory / "aws", options) as aws:
            yield DatabaseWorld(aws.url, databases, directory / "data")
