"""Restores a backup into a throw-away server and looks at what came back: levels 3 and 4 of the ladder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from lifeboat.core.errors import StepFailed
from scripts.actions.backup_child import run_child
from scripts.actions.backup_contents import absent_extensions, create_database, sequences_behind, wrong_rows
from scripts.actions.backup_login import reason
from scripts.actions.backup_programs import Programs
from scripts.actions.backup_scratch_server import ScratchServer
from scripts.actions.database_sessions import HEARTBEAT
from scripts.backup.manifest import ROLES_FILE, Manifest
from scripts.backup.roles import without_grantors

_RESTORE_S = 6 * 3600.0
_Connection = psycopg.Connection[tuple[Any, ...]]
_BTREES = """
select c.oid, c.oid::regclass::text from pg_class c join pg_index i on i.indexrelid = c.oid
join pg_am a on a.oid = c.relam
where a.amname = 'btree' and c.relkind = 'i' and i.indisvalid and c.relpersistence <> 't' order by 2
"""
_HEAPS = """
select c.oid, c.oid::regclass::text from pg_class c
where c.relkind in ('r', 'm', 't') and c.relpersistence <> 't' order by 2
"""


@dataclass(slots=True)
class Rehearsed:
    """What a restore showed.

    Args:
        restored: it is in the server, all of it.
        right: every check of level 4 was made and found nothing.
        problems: what is wrong with the backup.
        not_done: what could not be looked at here.
        data_loss_s: age of the newest heartbeat row at the snapshot's moment.
    """

    restored: bool = False
    right: bool = False
    problems: list[str] = field(default_factory=list)
    not_done: list[str] = field(default_factory=list)
    data_loss_s: float | None = None


class Rehearsal:
    """One restore of one backup.

    Args:
        manifest: of the backup.
        dump: directory with its decoded files.
        server: where to.
        programs: restore it.
        jobs: tables at once.
    """

    def __init__(
        self, manifest: Manifest, dump: Path, server: ScratchServer, programs: Programs, *, jobs: int
    ) -> None:
        self._manifest = manifest
        self._dump = dump
        self._server = server
        self._programs = programs
        self._jobs = jobs
        self._found = Rehearsed()

    def run(self, *, look: bool) -> Rehearsed:
        """Restore, and look at what came back.

        Args:
            look: go on to level 4.
        """
        if self._has_extensions():
            try:
                self._restore()
                self._found.restored = True
            except (StepFailed, psycopg.Error) as error:
                words = reason(error) if isinstance(error, psycopg.Error) else error.message
                self._found.problems.append(f"does not restore: {words}")
        if self._found.restored and look:
            try:
                self._look()
            except psycopg.Error as error:
                self._found.problems.append(f"cannot be read once restored: {reason(error)}")
        return self._found

    def _has_extensions(self) -> bool:
        with self._server.connect() as connection:
            absent = absent_extensions(connection, self._manifest)
        if absent:
            self._found.not_done.append(
                f"restore: postgresql {self._programs.version} here has no extension {', '.join(absent)}"
            )
        return not absent

    def _restore(self) -> None:
        name = self._manifest.database
        self._create_database()
        environment = self._server.environment(name)
        script = self._dump.with_name("roles-here.sql")
        script.write_text(without_grantors((self._dump / ROLES_FILE).read_text()))
        roles = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={script}"]
        whole = ["--exit-on-error", f"--jobs={self._jobs}", "--no-password"]
        where = f"--dbname={make_conninfo(dbname=name)}"
        programs: tuple[list[str | Path], ...] = (
            [self._programs.path("psql"), *roles],
            [self._programs.path("pg_restore"), *whole, where, self._dump],
        )
        for argv in programs:
            run_child(argv, environment=environment, cwd=self._dump, timeout_s=_RESTORE_S, must_be_quiet=True)

    def _create_database(self) -> None:
        locale = self._manifest.locale
        with self._server.connect() as connection:
            try:
                create_database(connection, self._manifest.database, locale)
            except psycopg.errors.WrongObjectType:
                self._found.not_done.append(
                    f"locale {locale.collate} is not on this machine: restored with C"
                )
                plain = locale.model_copy(update={"collate": "C", "ctype": "C"})
                create_database(connection, self._manifest.database, plain)

    def _look(self) -> None:
        with self._server.connect(self._manifest.database) as connection:
            before = len(self._found.not_done)
            self._found.problems += [
                *wrong_rows(connection, self._manifest),
                *sequences_behind(connection, self._manifest),
            ]
            self._found.problems += self._damage(connection)
            self._heartbeat(connection)
        self._found.right = not self._found.problems and len(self._found.not_done) == before

    def _damage(self, connection: _Connection) -> Iterator[str]:
        have = connection.execute("select from pg_available_extensions where name = 'amcheck'").fetchall()
        if not have:
            self._found.not_done.append(f"amcheck: postgresql {self._programs.version} here does not have it")
            return
        connection.execute("create extension if not exists amcheck")
        for oid, name in connection.execute(_BTREES).fetchall():
            try:
                connection.execute("select bt_index_check(%s::oid::regclass, true)", (oid,))
            except psycopg.Error as error:
                yield f"index {name}: {reason(error)}"
        for oid, name in connection.execute(_HEAPS).fetchall():
            for (words,) in connection.execute("select msg from verify_heapam(%s::oid::regclass)", (oid,)):
                yield f"table {name}: {words}"

    def _heartbeat(self, connection: _Connection) -> None:
        [(there,)] = connection.execute("select to_regclass(%s) is not null", (HEARTBEAT,)).fetchall()
        newest = None
        if there:
            query = sql.SQL("select max(written_at) from {}").format(sql.Identifier(HEARTBEAT))
            [(newest,)] = connection.execute(query).fetchall()
        if newest is None:
            self._found.not_done.append(
                f"data loss: table {HEARTBEAT} is {'empty' if there else 'not there'}"
            )
            return
        self._found.data_loss_s = (self._manifest.snapshot_at - newest).total_seconds()
