"""Counts rows of a database for the report: what was there before a swap and what is after it.

It looks on only: a table that is too large to count quickly, or closed to the role, is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

_TABLES = """
    select n.nspname, c.relname
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_'
        and n.nspname <> 'information_schema' and has_table_privilege(c.oid, 'select')
    order by pg_total_relation_size(c.oid), 1, 2
    limit 40
"""
_COUNT_WITHIN_MS = 3000
_BEATS = 600
Connection = psycopg.Connection[tuple[Any, ...]]


def count_rows(connection: Connection) -> Iterator[tuple[str, int]]:
    """Yield the name of each table, the smallest first, and its rows."""
    connection.execute(sql.SQL("set statement_timeout to {}").format(sql.Literal(_COUNT_WITHIN_MS)))
    for namespace, name in connection.execute(_TABLES).fetchall():
        query = sql.SQL("select count(*) from {}").format(sql.Identifier(namespace, name))
        try:
            found = connection.execute(query).fetchone()
        except psycopg.errors.QueryCanceled:
            # Those that follow are larger still.
            return
        if found:
            yield (name if namespace == "public" else f"{namespace}.{name}"), found[0]


def beats_between(
    connection: Connection, table: str, since: datetime, until: datetime
) -> tuple[datetime, ...]:
    """Return the moments of heartbeat rows in a stretch of time, the newest ones when there are many."""
    query = sql.SQL(
        "select written_at from {} where written_at between {} and {} order by written_at desc limit {}"
    ).format(sql.Identifier(table), sql.Literal(since), sql.Literal(until), sql.Literal(_BEATS))
    return tuple(row[0] for row in reversed(connection.execute(query).fetchall()))
