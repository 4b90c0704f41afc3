"""What a restore asks of a database itself, over TLS with the server's certificate verified in full.

Passwords travel as arguments in memory; none is ever in a message, a command line or a log of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import psycopg
from psycopg import sql

from lifeboat.core.errors import Refused
from lifeboat.core.secret import Secret
from scripts.actions.backup_login import Login, reason
from scripts.actions.database_counts import beats_between, count_rows
from scripts.actions.database_role import set_role_password
from scripts.observe.aws import NoAnswer

HEARTBEAT = "lifeboat_heartbeat"
"""Table that the app writes a row into all the time, with a column `written_at`."""
_EXTENSIONS = "select extname, extversion from pg_extension"
_ROLES = "select rolname from pg_roles where rolname !~ '^(pg_|rds)'"
_OWNED_SEQUENCES = """
    select s.oid::regclass::text, case when s.relkind = 'S'
            then has_sequence_privilege(s.oid, 'select') and has_table_privilege(t.oid, 'select') end,
        sn.nspname, s.relname, tn.nspname, t.relname, a.attname
    from pg_class s
    join pg_namespace sn on sn.oid = s.relnamespace
    join pg_depend d on d.objid = s.oid and d.classid = 'pg_class'::regclass
        and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
    join pg_class t on t.oid = d.refobjid
    join pg_namespace tn on tn.oid = t.relnamespace
    join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
    where s.relkind = 'S' and t.relkind in ('r', 'p')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What is in a database.

    Args:
        is_recovering: whether it still replays and takes no writes.
        newest_beat_at: its newest heartbeat row; None without such a table or row.
        extensions: versions by name.
        roles: names, without PostgreSQL's and RDS's own.
        behind: sequences that would give out a number that is taken already.
        unread: sequences of which that is not known, because whoever looks may not read them.
    """

    is_recovering: bool
    newest_beat_at: datetime | None
    extensions: Mapping[str, str]
    roles: frozenset[str]
    behind: tuple[str, ...]
    unread: tuple[str, ...] = ()


class Sessions(Protocol):
    """What the step kinds need of databases."""

    def refusal(self, login: Login, database: str) -> str:
        """Log in; return why that failed, empty when it did not."""
        ...

    def contents(self, login: Login, database: str, *, until: datetime | None = None) -> Contents:
        """Look into a database; `until` leaves out later heartbeats."""
        ...

    def first_beat_after(self, login: Login, database: str, moment: datetime) -> datetime | None:
        """Return the first heartbeat later than a moment."""
        ...

    def beats(self, login: Login, database: str, since: datetime, until: datetime) -> tuple[datetime, ...]:
        """Return the heartbeats in a stretch of time."""
        ...

    def rows(self, login: Login, database: str) -> dict[str, int]:
        """Return the number of rows by table, where it can be counted quickly."""
        ...

    def set_role(self, login: Login, database: str, role: str, password: Secret) -> None:
        """Make a role that logs in with a password, or change it."""
        ...


class SqlSessions:
    """The real ones."""

    def refusal(self, login: Login, database: str) -> str:
        """As `Sessions.refusal`."""
        try:
            with login.connect(database) as connection:
                connection.execute("select 1")
        except Refused as error:
            return error.message
        return ""

    def contents(self, login: Login, database: str, *, until: datetime | None = None) -> Contents:
        """As `Sessions.contents`."""
        with self._session(login, database) as connection:
            recovering = connection.execute("select pg_is_in_recovery()").fetchone()
            sequences = connection.execute(_OWNED_SEQUENCES).fetchall()
            return Contents(
                is_recovering=bool(recovering and recovering[0]),
                newest_beat_at=_beat(connection, "max", "<=", until),
                extensions=dict(connection.execute(_EXTENSIONS).fetchall()),
                roles=frozenset(row[0] for row in connection.execute(_ROLES).fetchall()),
                behind=tuple(sorted(_behind(connection, sequences))),
                unread=tuple(sorted(name for name, is_readable, *_ in sequences if not is_readable)),
            )

    def first_beat_after(self, login: Login, database: str, moment: datetime) -> datetime | None:
        """As `Sessions.first_beat_after`."""
        with self._session(login, database) as connection:
            return _beat(connection, "min", ">", moment)

    def beats(self, login: Login, database: str, since: datetime, until: datetime) -> tuple[datetime, ...]:
        """As `Sessions.beats`."""
        with self._session(login, database) as connection:
            return beats_between(connection, HEARTBEAT, since, until)

    def rows(self, login: Login, database: str) -> dict[str, int]:
        """As `Sessions.rows`."""
        with self._session(login, database) as connection:
            return dict(count_rows(connection))

    def set_role(self, login: Login, database: str, role: str, password: Secret) -> None:
        """As `Sessions.set_role`."""
        with self._session(login, database) as connection:
            set_role_password(connection, database, role, password)

    @contextmanager
    def _session(self, login: Login, database: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        try:
            with login.connect(database) as connection:
                yield connection
        except psycopg.OperationalError as error:
            message = f"database {database} at {login.address}:{login.port}: {reason(error)}"
            raise NoAnswer(message, retryable=True) from None
        except psycopg.Error as error:
            raise Refused(f"database {database} at {login.address}:{login.port}: {reason(error)}") from None


def _beat(
    connection: psycopg.Connection[tuple[Any, ...]], pick: str, relation: str, moment: datetime | None
) -> datetime | None:
    known = connection.execute(
        "select has_table_privilege(to_regclass(%s), 'select')", (HEARTBEAT,)
    ).fetchone()
    if not known or not known[0]:
        return None
    query = sql.SQL("select {pick}(written_at) from {table} where written_at {relation} {moment}").format(
        pick=sql.Identifier(pick),
        table=sql.Identifier(HEARTBEAT),
        relation=sql.SQL("<=" if relation == "<=" else ">"),
        moment=sql.Literal(moment or "infinity"),
    )
    found = connection.execute(query).fetchone()
    return found[0] if found else None


def _behind(
    connection: psycopg.Connection[tuple[Any, ...]], sequences: Sequence[tuple[Any, ...]]
) -> Iterator[str]:
    for name, is_readable, *parts in sequences:
        if not is_readable:
            continue
        names = [sql.Identifier(part) for part in parts]
        # One that was not called since it was set gives out its last value itself.
        query = sql.SQL(
            "select (select last_value - (not is_called)::int from {}.{}), (select max({}) from {}.{})"
        ).format(names[0], names[1], names[4], names[2], names[3])
        found = connection.execute(query).fetchone()
        if found and found[1] is not None and found[0] < found[1]:
            yield str(name)
