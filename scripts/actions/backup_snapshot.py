"""One moment of a database: an exported snapshot, and what the catalogue says at it.

The transaction stays open for as long as the dump runs: the dump and the counting of rows see one moment.
Sequences know no snapshot: they are read first, so the dump is never behind what is said of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta

import psycopg
from psycopg import sql

from lifeboat.core.clock import Clock
from lifeboat.core.errors import Refused
from scripts.actions.backup_catalogue import Catalogue, Connection, read_catalogue
from scripts.actions.backup_login import Login, reason

MAX_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A moment that lasts as long as its connection.

    Args:
        catalogue: what there is at it. `at` was read on the database's clock just before the snapshot, so
            everything committed by then is in it; `lsn` just after, so nothing behind it is.
    """

    connection: Connection
    catalogue: Catalogue

    @property
    def major(self) -> int:
        """Major version of the server."""
        return int(self.catalogue.server_version.partition(".")[0])

    @property
    def table_bytes(self) -> int:
        """Size of what will be dumped, as it lies on the server."""
        return sum(table.stored_bytes for table in self.catalogue.tables)

    def count_rows(self) -> dict[int, int]:
        """Return the rows of each table with rows, by its object id; row security must not hide any.

        Raises:
            psycopg.Error: the server does not answer, or hides rows.
        """
        self.connection.execute("set local row_security = off")
        statement = "select count(*) from only {}"
        counts = {}
        for table in self.catalogue.tables:
            if table.kind == "r":
                name = sql.Identifier(table.namespace, table.name)
                [(counted,)] = self.connection.execute(sql.SQL(statement).format(name)).fetchall()
                counts[table.oid] = int(counted)
        return counts

    def check(self) -> None:
        """Check what would make the backup worthless.

        Raises:
            Refused: clocks too far apart, or tables that the role may not read.
        """
        if abs(self.catalogue.skew) > MAX_SKEW:
            raise Refused(
                f"the database's clock is {self.catalogue.skew.total_seconds():+.0f} s from ours, over "
                f"{MAX_SKEW.total_seconds():.0f} s: ages and retention would be wrong",
                hint="set this machine's clock",
            )
        closed = [f"{each.namespace}.{each.name}" for each in self.catalogue.tables if not each.readable]
        if closed:
            raise Refused(
                f"tables that this role may not read: {', '.join(closed)}",
                hint="a backup without them would be no backup; grant select, or pg_read_all_data",
            )


@contextmanager
def open_snapshot(login: Login, database: str, clock: Clock) -> Iterator[Snapshot]:
    """Yield one moment of a database, which lasts as long as the block.

    Raises:
        Refused: the server did not let us in, or cannot be asked.
    """
    # Closed and never committed: what it read is no transaction whose end could fail.
    with closing(login.connect(database, autocommit=True)) as connection:
        try:
            catalogue = read_catalogue(connection, clock)
        except psycopg.Error as error:
            raise Refused(f"database {database}: {reason(error)}") from None
        yield Snapshot(connection=connection, catalogue=catalogue)
