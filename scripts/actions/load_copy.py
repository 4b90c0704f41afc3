"""Loads a logical copy into a database of its own on a server, proves it, and gives it its name.

    parts read, hashed, decoded ─► roles ─► new database ─► pg_restore ─► rows, sequences, extensions
                                ─► statistics ─► mark ─► name

Whatever dies in between: the wanted name belongs to nobody, to an empty database, or to a proven one.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from lifeboat.core.errors import StepFailed
from scripts.actions.backup_contents import extensions_missing, sequences_behind, wrong_rows
from scripts.actions.backup_fetching import fetch_parts, files_without_end
from scripts.actions.backup_hold import hold_backup, release_backup
from scripts.actions.backup_login import Login
from scripts.actions.backup_spool import Spool, open_spool
from scripts.actions.load_job import Loaded, LoadJob
from scripts.actions.load_properties import set_properties
from scripts.actions.load_restore import HELD, restore_dump
from scripts.actions.load_roles import lent_rights, make_roles
from scripts.actions.load_server import LoadServer, maintenance, mark_of, server_session
from scripts.backup.forecast import mebibytes
from scripts.backup.manifest import ROLES_FILE
from scripts.backup.role_statements import Verb, role_statements

_BATCH = 64


def load_copy(job: LoadJob) -> Loaded:
    """Load it; when this returns, the database is there, proven, and carries the mark.

    Raises:
        StepFailed: the copy is damaged or does not fit; nothing has the wanted name that had not before.
        NoAnswer: retryable: the server went away.

    Effects: reads objects, writes the hold; creates roles and a database.
    """
    began_s = job.clock.monotonic_s()
    hold_backup(job.store, job.manifest, job.loaded_by, HELD)
    with open_spool(job.spool_root, f"load-{job.loaded_by}-{secrets.token_hex(4)}") as spool:
        demand_room(spool, job)
        directory = spool.private("backup") / "dump"
        directory.mkdir(mode=0o700)
        _fetch(job, directory)
        fetched_s = job.clock.monotonic_s()
        with maintenance(job.login, job.database) as connection:
            server = LoadServer(connection, job)
            server.lock()
            server.demand_fit()
            not_set = _load(job, server, directory)
    release_backup(job.store, job.manifest, job.loaded_by)
    return Loaded(
        rows=job.manifest.rows,
        tables=len(job.manifest.tables),
        fetch_s=round(fetched_s - began_s, 3),
        load_s=round(job.clock.monotonic_s() - fetched_s, 3),
        not_set=not_set,
    )


class Loads:
    """Loading as the step kinds use it."""

    def mark(self, login: Login, database: str) -> str:
        """Return the mark of a database; empty without one or without the database.

        Raises:
            NoAnswer: retryable: the server does not let us in now.
        """
        with maintenance(login, database) as connection:
            return mark_of(connection, database) or ""

    def load(self, job: LoadJob) -> Loaded:
        """As `load_copy`."""
        return load_copy(job)


def demand_room(spool: Spool, job: LoadJob) -> None:
    """Check that a spool holds the whole copy.

    Raises:
        StepFailed: it does not.
    """
    needed, free = job.manifest.plain_bytes, spool.free_bytes
    if needed > free:
        raise StepFailed(
            f"spool {spool.directory.parent}: the copy needs {mebibytes(needed)}, {mebibytes(free)} are free",
            hint="set TMPDIR to a directory on a larger disk",
        )


def _fetch(job: LoadJob, directory: Path) -> None:
    parts, problems = job.manifest.parts, []
    for first in range(0, len(parts), _BATCH):
        job.checkpoint()
        batch = parts[first : first + _BATCH]
        found = fetch_parts(job.store, job.manifest, batch, jobs=job.jobs, directory=directory, decode=True)
        problems += [*found.altered, *found.undecodable]
    problems = problems or files_without_end(job.manifest, directory)
    if problems:
        raise StepFailed(f"{job.manifest.id} is damaged: {'; '.join(problems)}", hint="choose another backup")


def _load(job: LoadJob, server: LoadServer, directory: Path) -> tuple[str, ...]:
    server.clear_place()
    proven = server.marked_attempt()
    not_set: tuple[str, ...] = ()
    if proven is None:
        server.drop_attempts()
        proven = server.create_attempt()
        not_set = _fill(job, proven, directory)
        server.mark_attempt(proven)
    server.put_in_place(proven)
    return not_set


def _fill(job: LoadJob, database: str, directory: Path) -> tuple[str, ...]:
    statements = role_statements((directory / ROLES_FILE).read_text(), job.login.user)
    roles = [each.role for each in statements if each.verb is Verb.CREATE]
    with server_session(job.login, database) as connection:
        not_set = make_roles(connection, statements)
        with lent_rights(connection, roles):
            restore_dump(job, database, directory)
        not_set += set_properties(connection, job.manifest, database, directory)
        job.checkpoint()
        connection.execute("set row_security = off")
        problems = [
            *wrong_rows(connection, job.manifest),
            *sequences_behind(connection, job.manifest),
            *extensions_missing(connection, job.manifest),
        ]
        if problems:
            raise StepFailed(f"{job.manifest.id} did not come back whole: {'; '.join(problems)}")
        job.checkpoint()
        connection.execute("analyze")
    return not_set
