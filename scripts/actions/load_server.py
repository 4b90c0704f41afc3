"""The server that a copy is loaded into: one loader at a time, a database of its own for every attempt.

Every attempt loads into a database with a name of its own, which gets the wanted name last. So whatever is
left of an earlier one (a program that outlived its process, a session that was asleep) can reach nothing that
a later one made: its database is dropped under it. What may destroy goes through one session that holds a
lock; who comes later ends that session first, so its owner, should it wake up, can destroy nothing either.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
from psycopg import sql

from lifeboat.core.errors import Refused, StepFailed
from scripts.actions.backup_contents import Connection, absent_extensions, create_database
from scripts.actions.backup_databases import is_in_use
from scripts.actions.backup_login import Login, reason
from scripts.actions.load_job import LoadJob
from scripts.observe.aws import NoAnswer

_BESIDE = "postgres"
_BESIDE_THAT = "template1"
ATTEMPT = "lifeboat_load_"
"""What the names of everything temporary begin with: databases and roles."""
_LOCK = 0x6C6F6164
_HOLDERS = "select pid from pg_locks where locktype = 'advisory' and classid = 0 and objid = %s and granted"
_MARK = "select shobj_description(oid, 'pg_database') from pg_database where datname = %s"
_ATTEMPTS = "select datname::text from pg_database where datname like 'lifeboat\\_load\\_%'"
_ROLES = "select rolname::text from pg_roles where rolname like 'lifeboat\\_load\\_%'"
_END_OURS = """
select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and usename = current_user
"""
_TRIES = 50


@contextmanager
def maintenance(login: Login, database: str) -> Iterator[Connection]:
    """Yield a session beside the database in question.

    Raises:
        NoAnswer: retryable: the server does not let us in now, or ended the session.
        StepFailed: it refused a statement.
    """
    with server_session(login, _BESIDE if database != _BESIDE else _BESIDE_THAT) as connection:
        yield connection


@contextmanager
def server_session(login: Login, database: str) -> Iterator[Connection]:
    """Yield a session in a database; errors as of `maintenance`."""
    try:
        opened = login.connect(database, autocommit=True)
    except Refused as error:
        raise NoAnswer(error.message, hint=error.hint, retryable=True) from error
    where = f"database {database} at {login.address}:{login.port}"
    try:
        with closing(opened) as connection:
            yield connection
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise NoAnswer(f"{where}: {reason(error)}", retryable=True) from None
    except psycopg.Error as error:
        raise StepFailed(f"{where}: {reason(error)}") from None


def mark_of(connection: Connection, database: str) -> str | None:
    """Return the comment of a database; empty without one, None without the database."""
    found = connection.execute(_MARK, (database,)).fetchone()
    return None if found is None else str(found[0] or "")


class LoadServer:
    """What a loader asks of the server and does to it, all through one session.

    Args:
        connection: of `maintenance`; holds the lock for as long as it lives.
        job: the load.
    """

    def __init__(self, connection: Connection, job: LoadJob) -> None:
        self._connection = connection
        self._job = job

    def lock(self) -> None:
        """Become the only loader; the session of an earlier one is ended.

        Raises:
            NoAnswer: retryable: it does not end.
        """
        for _ in range(_TRIES):
            held = self._connection.execute("select pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
            if held and held[0]:
                return
            self._job.checkpoint()
            for (pid,) in self._connection.execute(_HOLDERS, (_LOCK,)).fetchall():
                self._connection.execute("select pg_terminate_backend(%s)", (pid,))
            self._job.clock.sleep(0.1)
        raise NoAnswer("an earlier loader does not let go of the server", retryable=True)

    def demand_fit(self) -> None:
        """Check what the copy needs.

        Raises:
            StepFailed: the server is older than the copy's, or has not all its extensions.
        """
        manifest, major = self._job.manifest, self._connection.info.server_version // 10000
        if major < manifest.server_major:
            raise StepFailed(
                f"{manifest.id} is of postgresql {manifest.server_version}, the server is version {major}",
                hint="a copy goes into its own major version or a later one",
            )
        absent = absent_extensions(self._connection, manifest)
        if absent:
            raise StepFailed(f"the server has no extension {', '.join(absent)}, which {manifest.id} needs")

    def clear_place(self) -> None:
        """Remove the empty database that RDS made under the wanted name.

        Before the load and not behind it: removing one writes everything to the disk that waits for that.

        Raises:
            StepFailed: it has tables; nothing of them was touched.
        """
        name = self._job.database
        mark = mark_of(self._connection, name)
        if mark is None:
            return
        if is_in_use(self._job.login, name):
            raise StepFailed(
                f"database {name} holds tables already{f' ({mark})' if mark else ''}",
                hint="nothing of it was touched; make a plan with another instance",
            )
        self._job.checkpoint()
        self._connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

    def drop_attempts(self) -> None:
        """Remove what earlier attempts of this run left, whoever still uses it."""
        self._job.checkpoint()
        for (name,) in self._connection.execute(_ATTEMPTS).fetchall():
            drop = sql.SQL("drop database if exists {} with (force)")
            self._connection.execute(drop.format(sql.Identifier(name)))
        for (name,) in self._connection.execute(_ROLES).fetchall():
            self._connection.execute(sql.SQL("drop role if exists {}").format(sql.Identifier(name)))

    def marked_attempt(self) -> str | None:
        """Return the database of an attempt that was proven and did not get its name yet."""
        for (name,) in self._connection.execute(_ATTEMPTS).fetchall():
            if mark_of(self._connection, name) == self._job.mark:
                return str(name)
        return None

    def create_attempt(self) -> str:
        """Create an empty database to load into, and return its name.

        Raises:
            StepFailed: the server does not have the copy's locale.
        """
        name = f"{ATTEMPT}{secrets.token_hex(6)}"
        locale = self._job.manifest.locale
        try:
            create_database(self._connection, name, locale)
        except psycopg.errors.WrongObjectType:
            raise StepFailed(f"the server has no locale {locale.collate} / {locale.ctype}") from None
        return name

    def mark_attempt(self, name: str) -> None:
        """Write down that everything in it was proven."""
        comment = sql.SQL("comment on database {} is {}")
        self._connection.execute(comment.format(sql.Identifier(name), sql.Literal(self._job.mark)))

    def put_in_place(self, name: str) -> None:
        """Give an attempt the wanted name."""
        self._job.checkpoint()
        self._connection.execute(_END_OURS, (name,))
        rename = sql.SQL("alter database {} rename to {}")
        self._connection.execute(rename.format(sql.Identifier(name), sql.Identifier(self._job.database)))
