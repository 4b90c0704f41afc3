"""The phases between a backup's first object and its last: dump, count, read back, compare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from lifeboat.core.clock import Clock
from lifeboat.core.errors import StepFailed
from scripts.actions.backup_child import child_environment, run_child
from scripts.actions.backup_dump import RunningDump
from scripts.actions.backup_login import Login, reason
from scripts.actions.backup_programs import Programs
from scripts.actions.backup_relay import TlsRelay
from scripts.actions.backup_shipping import Shipping
from scripts.actions.backup_snapshot import Snapshot
from scripts.actions.backup_spool import Spool
from scripts.backup.contents import data_files, missing_files, schema_revision
from scripts.backup.manifest import ROLES_FILE, StoredPart, Table

_ROLES_TIMEOUT_S = 120.0
_CONTENTS_TIMEOUT_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CopySource:
    """What is copied: a database at a moment, and the programs that can."""

    database: str
    login: Login
    snapshot: Snapshot
    programs: Programs


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What was stored, compared with what there was."""

    parts: tuple[StoredPart, ...]
    tables: tuple[Table, ...]
    schema_sha256: str


class Copying:
    """One copy of one database.

    Args:
        source: what is copied.
        spool: where the dump is written.
        shipping: takes it from there.
        jobs: tables at once.
        clock: paces the looks.
        tell: called with a line at the beginning of each phase.
    """

    def __init__(  # the parts it is put together from
        self,
        source: CopySource,
        spool: Spool,
        shipping: Shipping,
        *,
        jobs: int,
        clock: Clock,
        tell: Callable[[str], None],
    ) -> None:
        self._source = source
        self._spool = spool
        self._shipping = shipping
        self._jobs = jobs
        self._clock = clock
        self._tell = tell
        self._directory = spool.private("backup") / "dump"

    def run(self) -> Copied:
        """Dump, store and compare.

        Raises:
            StepFailed: a program failed, or what was stored is not what there was.

        Effects: reads the database, writes objects.
        """
        counts, roles = self._read_database()
        self._tell("reading the table of contents back")
        files = data_files(self._pg_restore("--list"))
        revision = schema_revision(self._pg_restore("--schema-only", "--file=-"))
        rest = sorted(path for path in self._directory.iterdir() if path.is_file())
        parts = self._shipping.finish([*rest, roles])
        absent = missing_files(files.values(), (part.file for part in parts))
        if absent:
            raise StepFailed(f"the dump names files that are not there: {', '.join(absent)}")
        tables = _compared(self._source.snapshot, files, counts, self._shipping.rows())
        return Copied(parts=parts, tables=tables, schema_sha256=revision)

    def _read_database(self) -> tuple[dict[int, int], Path]:
        login = self._source.login
        with TlsRelay(login.address, login.port, login.tls()) as relay, self._counting() as counted:
            environment = child_environment(
                relay.directory, login.user, login.password, self._source.database
            )
            try:
                self._dump(environment)
                roles = self._roles(environment)
            except StepFailed as error:
                said = f" ({relay.problems[-1]})" if relay.problems else ""
                raise StepFailed(f"{error.message}{said}", hint=error.hint, retryable=True) from error
            return _counts(counted), roles

    @contextmanager
    def _counting(self) -> Iterator[Future[dict[int, int]]]:
        """Count rows beside the dump; a dump that fails does not wait for the count."""
        with ThreadPoolExecutor(1, thread_name_prefix="count") as counter:
            counted = counter.submit(self._source.snapshot.count_rows)
            try:
                yield counted
            finally:
                if not counted.done():
                    with suppress(psycopg.Error):
                        self._source.snapshot.connection.cancel_safe(timeout=5.0)

    def _dump(self, environment: Mapping[str, str]) -> None:
        snapshot, programs = self._source.snapshot, self._source.programs
        self._tell(f"dumping {len(snapshot.catalogue.tables)} tables with pg_dump {programs.version}")
        dump = RunningDump(
            programs, environment, self._directory, snapshot=snapshot.catalogue.snapshot_id, jobs=self._jobs
        )
        dump.wait(self._look, self._clock)

    def _look(self, dump: RunningDump) -> None:
        self._shipping.take(dump.directory, dump.open_files)
        self._spool.check()

    def _roles(self, environment: Mapping[str, str]) -> Path:
        target = self._directory.with_name(ROLES_FILE)
        # RDS shows password hashes to nobody; the passwords are in Secrets Manager.
        options = ["--roles-only", "--no-role-passwords", "--no-password"]
        where = [f"--database={self._source.database}", f"--file={target}"]
        run_child(
            [self._source.programs.path("pg_dumpall"), *options, *where],
            environment=environment,
            cwd=target.parent,
            timeout_s=_ROLES_TIMEOUT_S,
        )
        return target

    def _pg_restore(self, *options: str) -> str:
        argv: list[str | Path] = [self._source.programs.path("pg_restore"), *options, self._directory]
        return run_child(argv, cwd=self._directory, timeout_s=_CONTENTS_TIMEOUT_S)


def _counts(counted: Future[dict[int, int]]) -> dict[int, int]:
    try:
        return counted.result()
    except psycopg.Error as error:
        raise StepFailed(f"counting rows: {reason(error)}", retryable=True) from None


def _compared(
    snapshot: Snapshot, files: Mapping[int, str], counts: Mapping[int, int], rows: Mapping[str, int]
) -> tuple[Table, ...]:
    tables = []
    for table in snapshot.catalogue.tables:
        if table.kind != "r":
            continue
        name, file = f"{table.namespace}.{table.name}", files.get(table.oid)
        if file is None:
            raise StepFailed(f"table {name} is not in the dump")
        if rows[file] != counts[table.oid]:
            raise StepFailed(f"table {name} has {counts[table.oid]} rows and {rows[file]} in the dump")
        tables.append(
            Table(oid=table.oid, namespace=table.namespace, name=table.name, rows=rows[file], file=file)
        )
    return tuple(tables)
