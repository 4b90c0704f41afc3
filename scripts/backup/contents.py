"""The dump's own table of contents, as `pg_restore --list` prints it, and the schema's fingerprint.

Lines look like `3353; 0 16386 TABLE DATA public bulk captain`: number in the dump, class, object id, kind.
Names may hold spaces, so tables are found by their object id, and files by the number.

Source: PostgreSQL documentation, "pg_restore", option --list; file names: pg_backup_directory.c.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from lifeboat.core.errors import StepFailed

_ENTRY = re.compile(r"^(\d+); (\d+) (\d+) TABLE DATA ", re.MULTILINE)
_ANY = re.compile(r"^\d+; \d+ \d+ [A-Z]", re.MULTILINE)
_OF_DATABASE = re.compile(r"\d+; \d+ \d+ (?:DATABASE PROPERTIES |ACL - DATABASE )")
# What differs between two dumps of one schema: who dumped when, and the token of \restrict.
_FLEETING = ("-- Dumped ", "-- Started on ", "-- Completed on ", "\\restrict ", "\\unrestrict ")


def data_files(listing: str) -> Mapping[int, str]:
    """Return the file of each table's rows by the table's object id.

    Raises:
        StepFailed: nothing that could be a table of contents.
    """
    if "; Archive created at" not in listing:
        raise StepFailed("the dump has no table of contents that can be read")
    return {int(found[3]): f"{found[1]}.dat" for found in _ENTRY.finditer(listing)}


def entries(listing: str) -> int:
    """Return how many objects the dump holds."""
    return len(_ANY.findall(listing))


def missing_files(demanded: Iterable[str], present: Iterable[str]) -> tuple[str, ...]:
    """Return the files that the table of contents names and nobody has; `pg_restore --list` does not look."""
    return tuple(sorted(set(demanded) - set(present)))


def schema_revision(script: str) -> str:
    """Return the SHA-256 of a schema's SQL, the same for the same schema whenever it is dumped."""
    kept = [line for line in script.splitlines() if not line.startswith(_FLEETING)]
    return hashlib.sha256("\n".join(kept).encode()).hexdigest()


def database_entries(listing: str) -> str:
    """Return the lines of a listing that are about the database itself: its settings and who may use it."""
    return "".join(f"{line}\n" for line in listing.splitlines() if _OF_DATABASE.match(line))


def database_statements(script: str, name: str, target: str) -> tuple[str, ...]:
    """Return the statements of such a script, about another database.

    Args:
        script: as `pg_restore --create` prints those entries.
        name: the database it is about, quoted as PostgreSQL does.
        target: the other one, quoted as well.
    """
    about = re.compile(rf"\bDATABASE {re.escape(name)}(?=[ ;])")
    kept = (line for line in script.splitlines() if line.startswith(("ALTER ", "GRANT ", "REVOKE ")))
    return tuple(about.sub(lambda _: f"DATABASE {target}", line, count=1) for line in kept)
