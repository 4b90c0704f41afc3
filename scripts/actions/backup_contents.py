"""What a database has to show after a backup was restored into it, and what it needs before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from scripts.backup.manifest import Locale, Manifest

Connection = psycopg.Connection[tuple[Any, ...]]
_CREATE = """
create database {name} template template0 encoding {encoding} lc_collate {collate} lc_ctype {ctype}
"""
_SEQUENCE = """
select last_value, seqincrement > 0 and not seqcycle from {}, pg_sequence where seqrelid = {}::regclass
"""


def absent_extensions(connection: Connection, manifest: Manifest) -> list[str]:
    """Return the extensions that a backup needs and the server does not have."""
    have = {name for (name,) in connection.execute("select name::text from pg_available_extensions")}
    return sorted({each.name for each in manifest.extensions} - have)


def create_database(connection: Connection, name: str, locale: Locale) -> None:
    """Create the database that a backup is restored into.

    Raises:
        psycopg.errors.WrongObjectType: the server does not have the locale.
    """
    connection.execute(
        sql.SQL(_CREATE).format(
            name=sql.Identifier(name),
            encoding=sql.Literal(locale.encoding),
            collate=sql.Literal(locale.collate),
            ctype=sql.Literal(locale.ctype),
        )
    )


def wrong_rows(connection: Connection, manifest: Manifest) -> Iterator[str]:
    """Yield each table that does not hold as many rows as were dumped."""
    for table in manifest.tables:
        name = sql.Identifier(table.namespace, table.name)
        query = sql.SQL("select count(*) from only {}").format(name)
        [(rows,)] = connection.execute(query).fetchall()
        if rows != table.rows:
            yield f"table {table.namespace}.{table.name}: {rows} rows restored instead of {table.rows}"


def sequences_behind(connection: Connection, manifest: Manifest) -> Iterator[str]:
    """Yield each sequence that would give out a number again."""
    # A sequence goes on while it is dumped: ahead of the manifest is right, behind it would hand out
    # numbers twice. One that counts down or around says nothing this way.
    query = sql.SQL(_SEQUENCE)
    for each in manifest.sequences:
        name = sql.Identifier(each.namespace, each.name)
        place = sql.Literal(name.as_string(connection))
        [(value, rises)] = connection.execute(query.format(name, place)).fetchall()
        if rises and value < each.last_value:
            yield f"sequence {each.namespace}.{each.name}: at {value}, was at {each.last_value}"


def extensions_missing(connection: Connection, manifest: Manifest) -> Iterator[str]:
    """Yield each extension that was in the database and is not."""
    have = {name for (name,) in connection.execute("select extname::text from pg_extension")}
    for each in manifest.extensions:
        if each.name not in have:
            yield f"extension {each.name}: is missing"
