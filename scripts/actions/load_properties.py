"""What a copy says of its database itself: settings, and who may connect. `pg_restore` leaves both out.

It would set them only on a database that it creates under the name of the copy's.
"""

from __future__ import annotations

from pathlib import Path

import psycopg

from lifeboat.core.errors import StepFailed
from scripts.actions.backup_child import run_child
from scripts.actions.backup_contents import Connection
from scripts.actions.backup_login import reason
from scripts.actions.backup_programs import find_programs
from scripts.backup.contents import database_entries, database_statements
from scripts.backup.manifest import Manifest

_WITHIN_S = 600.0


def set_properties(connection: Connection, manifest: Manifest, database: str, dump: Path) -> tuple[str, ...]:
    """Give a database the settings and rights that the copy's had.

    Args:
        connection: of the master user.
        manifest: of the copy.
        database: which database.
        dump: directory with the copy's decoded files.

    Returns:
        Settings that the server refused.

    Raises:
        StepFailed: it refused a right, or the copy cannot be read.
    """
    refused = []
    for statement in _statements(connection, manifest, database, dump):
        try:
            connection.execute(statement.encode())
        except psycopg.errors.DatabaseError as error:
            if not statement.startswith("ALTER "):
                raise StepFailed(f"rights on database {manifest.database}: {reason(error)}") from None
            refused.append(f"database {manifest.database}: {reason(error)}")
    return tuple(refused)


def _statements(connection: Connection, manifest: Manifest, database: str, dump: Path) -> tuple[str, ...]:
    program = find_programs(manifest.server_major).path("pg_restore")
    chosen = dump.with_name("database.list")
    listing = run_child([program, "--create", "--list", dump], cwd=dump, timeout_s=_WITHIN_S)
    chosen.write_text(database_entries(listing))
    options: list[str | Path] = ["--create", f"--use-list={chosen}", "--file=-"]
    script = run_child([program, *options, dump], cwd=dump, timeout_s=_WITHIN_S)
    quoted = [_quoted(connection, name) for name in (manifest.database, database)]
    return database_statements(script, *quoted)


def _quoted(connection: Connection, name: str) -> str:
    # As the dump has it: quoted only where it must be.
    [(quoted,)] = connection.execute("select quote_ident(%s)", (name,)).fetchall()
    return str(quoted)
