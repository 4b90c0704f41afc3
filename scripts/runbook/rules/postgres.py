"""Dumps that are no backups and restores that report success with empty tables.

Both were measured: a dump of a database that does not exist, piped into gzip, exits 0, leaves 20 bytes and
passes `gunzip -t`; a truncated dump piped into psql exits 0 with every table empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.runbook.command import Command
from scripts.runbook.rule import Rule, error, warning
from scripts.runbook.scene import Scene

_DUMPS = frozenset({"pg_dump", "pg_dumpall"})
_READERS = frozenset({"gunzip", "zcat", "cat", "gzip", "bzcat", "bunzip2", "xzcat", "zstdcat", "zstd", "lz4"})
_PG = "postgresql.org/docs/current/"

DUMP_WITHOUT_PIPEFAIL = error(
    "dump-without-pipefail",
    "the pipe ends with the exit code of its last command: a dump that failed leaves a valid, empty archive",
    f"measured; {_PG}app-pgdump.html",
    "`pg_dump --format=custom --file=FILE` with its exit code checked, then a restore of it",
    ("backup create", "backup verify"),
)
DUMP_UNVERIFIED = warning(
    "dump-not-verified",
    "a dump that nobody restored is no backup; an interrupted one stays in place looking like one",
    f"measured; {_PG}backup-dump.html",
    "write to a temporary name, restore it somewhere and count rows, rename it then",
    ("backup create", "backup verify"),
)
RESTORE_CONTINUES = error(
    "restore-continues-on-error",
    "psql goes on after an error and exits 0: tables may stay empty, and a second run may double rows",
    f"measured; {_PG}app-psql.html#APP-PSQL-VARIABLES-ON-ERROR-STOP",
    "`psql --set ON_ERROR_STOP=1 --single-transaction --file FILE` into an empty database",
    ("database restore",),
)
FILE_CONTINUES = warning(
    "psql-continues-on-error",
    "psql goes on after an error in the file and exits 0: a migration may be done in part",
    f"{_PG}app-psql.html#APP-PSQL-VARIABLES-ON-ERROR-STOP",
    "`psql --set ON_ERROR_STOP=1 --single-transaction --file FILE`",
)
RESTORE_NOT_ATOMIC = warning(
    "restore-not-atomic",
    "without one transaction a restore that stops leaves half of the data behind",
    f"{_PG}app-psql.html",
    "`psql --set ON_ERROR_STOP=1 --single-transaction`",
    ("database restore",),
)
PG_RESTORE_CONTINUES = warning(
    "pg-restore-continues-on-error",
    "pg_restore goes on after an error and leaves what it could restore",
    f"{_PG}app-pgrestore.html",
    "`pg_restore --exit-on-error --single-transaction`, or with jobs: `--exit-on-error` into a new database",
    ("database restore",),
)
PG_RESTORE_CLEAN = error(
    "pg-restore-clean",
    "drops what is in the database before it is known that the dump can be restored",
    f"{_PG}app-pgrestore.html",
    "restore into a new database, verify, then swap",
    ("database restore",),
)
DROPDB = error(
    "database-dropped",
    "the database is gone, with no way back but a backup that was proven",
    f"{_PG}app-dropdb.html",
    "`ALTER DATABASE … RENAME`, and drop when the new one is verified",
    ("database restore",),
)
RESETWAL = error(
    "wal-reset",
    "throws transactions away and leaves a database that may be inconsistent",
    f"{_PG}app-pgresetwal.html",
    ours=("database restore",),
)
_ALWAYS = {"dropdb": DROPDB, "pg_resetwal": RESETWAL}


def judge(scene: Scene) -> Iterator[tuple[Rule, Command]]:
    """Report dumps, restores and what destroys a database."""
    for place, command in enumerate(scene.commands):
        if command.program in _DUMPS and not command.has("--version", "--help"):
            yield from _dump(command, scene, is_last=place == len(scene.commands) - 1)
        if command.program == "psql" and _restores(command, scene.commands[:place]):
            yield from _psql(command)
        elif command.program == "psql" and command.has("-f", "--file") and not _stops(command):
            yield FILE_CONTINUES, command
        if command.program == "pg_restore" and not command.has("-l", "--list", "-f", "--file"):
            yield from _pg_restore(command)
        if command.program in _ALWAYS:
            yield _ALWAYS[command.program], command


def _dump(command: Command, scene: Scene, *, is_last: bool) -> Iterator[tuple[Rule, Command]]:
    piped_into_psql = any(each.program in {"psql", "pg_restore"} for each in scene.commands)
    if not is_last and not scene.pipeline.pipefail:
        yield DUMP_WITHOUT_PIPEFAIL, command
    elif not piped_into_psql and not any(scene.in_block("pg_restore")):
        yield DUMP_UNVERIFIED, command


def _restores(command: Command, before: tuple[Command, ...]) -> bool:
    from_pipe = bool(before) and (before[-1].program in _READERS or before[0].program in _DUMPS)
    named = command.value("-f", "--file") or " ".join(command.inputs)
    return (
        from_pipe
        or bool(named and re.search(r"dump|backup|restore|\.gz|\d{6}", named))
        or bool(command.inputs)
    )


def _psql(command: Command) -> Iterator[tuple[Rule, Command]]:
    if not _stops(command):
        yield RESTORE_CONTINUES, command
    elif not command.has("-1", "--single-transaction"):
        yield RESTORE_NOT_ATOMIC, command


def _stops(command: Command) -> bool:
    return bool(re.search(r"ON_ERROR_STOP\b(?!=(0|off|false))", " ".join(command.arguments), re.IGNORECASE))


def _pg_restore(command: Command) -> Iterator[tuple[Rule, Command]]:
    if command.has("-c", "--clean"):
        yield PG_RESTORE_CLEAN, command
    if not command.has("-e", "--exit-on-error", "-1", "--single-transaction"):
        yield PG_RESTORE_CONTINUES, command
