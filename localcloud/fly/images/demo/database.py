"""The app's tables and statements, against a database that comes and goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import psycopg
from psycopg import errors

from localcloud.fly.images.demo.pool import Pool, PoolExhausted, StaleConnection
from localcloud.fly.images.demo.settings import Settings

_T = TypeVar("_T")
_CONNECT_S = 3
_STATEMENT_MS = 5000
_TABLES = """
create table if not exists lifeboat_write (
    id text primary key, region text not null, machine text not null, version text not null,
    written_at timestamptz not null default clock_timestamp());
create index if not exists lifeboat_write_newest on lifeboat_write (written_at);
create table if not exists lifeboat_heartbeat (
    id bigint generated always as identity primary key, region text not null, machine text not null,
    written_at timestamptz not null default clock_timestamp());
create index if not exists lifeboat_heartbeat_newest on lifeboat_heartbeat (written_at);
"""
# Two machines that start together would otherwise race for the same catalogue rows.
_CREATE = f"select pg_advisory_xact_lock(5031955); {_TABLES}"
_INSERT = """
insert into lifeboat_write (id, region, machine, version) values (%s, %s, %s, %s)
on conflict (id) do nothing returning region, machine, version, written_at
"""
_FIND = "select region, machine, version, written_at from lifeboat_write where id = %s"
_NEWEST = "select id, region, machine, written_at from lifeboat_write order by written_at desc, id limit 1"
_BEAT = "insert into lifeboat_heartbeat (region, machine) values (%s, %s)"
_PRUNE = "delete from lifeboat_heartbeat where machine = %s and written_at < now() - interval '1 hour'"


class DatabaseUnavailable(Exception):
    """The database did not do what was asked; `reason` is safe to show."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Database:
    """What the app asks of PostgreSQL; every call may raise `DatabaseUnavailable`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool = Pool(self._connect, settings.connections)

    def ping(self) -> None:
        """Ask whether the database answers."""
        self._run(lambda connection: connection.execute("select 1").fetchone())

    def write(self, row_id: str) -> dict[str, object]:
        """Insert a row, or find the one of that id; safe to repeat."""
        return self._run(lambda connection: self._write(connection, row_id))

    def count(self) -> dict[str, object]:
        """Return how many rows there are, and the newest."""
        return self._run(_count)

    def beat(self) -> None:
        """Write a heartbeat row."""
        mine = (self._settings.region, self._settings.machine)
        self._run(lambda connection: connection.execute(_BEAT, mine))

    def prune(self) -> None:
        """Forget this machine's heartbeat rows older than an hour."""
        self._run(lambda connection: connection.execute(_PRUNE, (self._settings.machine,)))

    def close(self) -> None:
        """Close what is idle."""
        self._pool.forget_idle()

    def _write(self, connection: psycopg.Connection, row_id: str) -> dict[str, object]:
        mine = (self._settings.region, self._settings.machine, self._settings.version)
        made = connection.execute(_INSERT, (row_id, *mine)).fetchone()
        row = made or connection.execute(_FIND, (row_id,)).fetchone()
        if row is None:
            raise DatabaseUnavailable("the row was removed meanwhile")
        region, machine, version, at = row
        return {
            "id": row_id,
            "region": region,
            "machine": machine,
            "version": version,
            "written_at": _text(at),
            "created": made is not None,
        }

    def _run(self, call: Callable[[psycopg.Connection], _T]) -> _T:
        try:
            return self._repeat(call)
        except PoolExhausted as error:
            raise DatabaseUnavailable("every connection to the database is in use") from error
        except psycopg.Error as error:
            raise DatabaseUnavailable(_reason(error)) from error

    def _repeat(self, call: Callable[[psycopg.Connection], _T]) -> _T:
        """Call once, and once more when the failure was an old connection's or a missing table's.

        Every statement here may be repeated: a row has an id, one more heartbeat does no harm.
        """
        try:
            return self._once(call)
        except errors.UndefinedTable:
            self._once(lambda connection: connection.execute(_CREATE.encode()))
        except StaleConnection:
            self._pool.forget_idle()
        return self._once(call)

    def _once(self, call: Callable[[psycopg.Connection], _T]) -> _T:
        with self._pool.connection() as connection, connection.transaction():
            return call(connection)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            self._settings.database_url,
            autocommit=True,
            connect_timeout=_CONNECT_S,
            tcp_user_timeout=_STATEMENT_MS,
            application_name=f"lifeboat-demo {self._settings.machine}",
            options=f"-c statement_timeout={_STATEMENT_MS}",
        )


def _count(connection: psycopg.Connection) -> dict[str, object]:
    counted = connection.execute("select count(*) from lifeboat_write").fetchone()
    newest = connection.execute(_NEWEST).fetchone()
    shown = None
    if newest is not None:
        row_id, region, machine, at = newest
        shown = {"id": row_id, "region": region, "machine": machine, "written_at": _text(at)}
    return {"rows": counted[0] if counted else 0, "newest": shown}


def _reason(error: psycopg.Error) -> str:
    if isinstance(error, errors.ReadOnlySqlTransaction):
        return "the database is read-only"
    if error.sqlstate:
        return f"the database refused: {type(error).__name__} ({error.sqlstate})"
    return f"the database is unreachable ({type(error).__name__})"


def _text(at: datetime) -> str:
    return at.isoformat()
