"""What the catalogue of a database says at one moment: what there is in it, sizes, clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql

from lifeboat.core.clock import Clock
from scripts.backup.manifest import Extension, Locale, SequenceState

Connection = psycopg.Connection[tuple[Any, ...]]
_OURS = r"""
n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relpersistence <> 't'
and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
                and d.deptype = 'e')
"""
_TABLES = f"""
select c.oid::bigint, n.nspname::text, c.relname::text, c.relkind::text, pg_table_size(c.oid),
       has_table_privilege(c.oid, 'select') and has_schema_privilege(n.oid, 'usage')
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and {_OURS} order by 2, 3
"""  # noqa: S608  # put together from constants
_SEQUENCES = f"""
select n.nspname::text, c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'S' and {_OURS} order by 1, 2
"""  # noqa: S608  # put together from constants
_FACTS = """
select pg_export_snapshot(), pg_current_wal_lsn()::text,
       split_part(current_setting('server_version'), ' ', 1),
       pg_database_size(current_database()), pg_encoding_to_char(encoding)::text, datcollate::text,
       datctype::text
from pg_database where datname = current_database()
"""
_EXTENSIONS = "select extname::text, extversion from pg_extension order by 1"
_ROLES = "select rolname::text from pg_roles where rolname !~ '^pg_' order by 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFacts:
    """A table as the catalogue has it; `kind` is `r` for one with rows, `p` for a partitioned one."""

    oid: int
    namespace: str
    name: str
    kind: str
    stored_bytes: int
    readable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What was read; see `Snapshot` and the manifest for the meaning."""

    snapshot_id: str
    at: datetime
    skew: timedelta
    lsn: str
    server_version: str
    database_bytes: int
    locale: Locale
    tables: tuple[TableFacts, ...]
    sequences: tuple[SequenceState, ...]
    extensions: tuple[Extension, ...]
    roles: tuple[str, ...]


def read_catalogue(connection: Connection, clock: Clock) -> Catalogue:
    """Begin a transaction that sees one moment, export it, and read the catalogue in it.

    Args:
        connection: in autocommit; the transaction stays open.
        clock: ours, to compare with the server's.

    Raises:
        psycopg.Error: the server does not answer.
    """
    at, skew = _clocks(connection, clock)
    connection.execute("set statement_timeout = 0")
    connection.execute("set idle_in_transaction_session_timeout = 0")
    names = connection.execute(_SEQUENCES).fetchall()
    sequences = tuple(_sequence(connection, *name) for name in names)
    connection.execute("begin isolation level repeatable read read only")
    [facts] = connection.execute(_FACTS).fetchall()
    return Catalogue(
        snapshot_id=facts[0],
        at=at,
        skew=skew,
        lsn=facts[1],
        server_version=facts[2],
        database_bytes=facts[3],
        locale=Locale(encoding=facts[4], collate=facts[5], ctype=facts[6]),
        tables=tuple(_table(row) for row in connection.execute(_TABLES)),
        sequences=sequences,
        extensions=tuple(
            Extension(name=name, version=version) for name, version in connection.execute(_EXTENSIONS)
        ),
        roles=tuple(name for (name,) in connection.execute(_ROLES)),
    )


def _table(row: tuple[Any, ...]) -> TableFacts:
    oid, namespace, name, kind, stored_bytes, readable = row
    return TableFacts(
        oid=oid, namespace=namespace, name=name, kind=kind, stored_bytes=stored_bytes, readable=readable
    )


def _clocks(connection: Connection, clock: Clock) -> tuple[datetime, timedelta]:
    before = clock.now()
    [(found,)] = connection.execute("select clock_timestamp()").fetchall()
    after = clock.now()
    at = found.astimezone(UTC)
    return at, at - (before + (after - before) / 2)


def _sequence(connection: Connection, namespace: str, name: str) -> SequenceState:
    query = sql.SQL("select last_value, is_called from {}").format(sql.Identifier(namespace, name))
    [(last_value, is_called)] = connection.execute(query).fetchall()
    return SequenceState(namespace=namespace, name=name, last_value=last_value, is_called=is_called)
