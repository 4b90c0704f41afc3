"""One data directory on disk: its version, its size, and what its postmaster wrote down.

Reads only. What PostgreSQL keeps in `postmaster.pid` is described in its source, miscadmin.h
("LOCK_FILE_LINE_*"): pid, data directory, start time, port, socket directory, address, shared memory, status.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lifeboat.core.errors import Refused

_BLOCK = 512
_MEMORY_LINE, _STATUS_LINE = 6, 7


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """A directory that holds, or will hold, one server's data."""

    path: Path

    @property
    def major(self) -> int:
        """The major version that wrote it.

        Raises:
            Refused: it holds no data of PostgreSQL.
        """
        try:
            return int((self.path / "PG_VERSION").read_text())
        except (OSError, ValueError) as error:
            msg = f"{self.path} is no data directory of postgresql"
            raise Refused(msg) from error

    @property
    def exists(self) -> bool:
        """True when there is data in it."""
        return (self.path / "PG_VERSION").exists()

    @property
    def pid_file(self) -> Path:
        """Where a postmaster writes itself down; it stays there when that one is killed."""
        return self.path / "postmaster.pid"

    @property
    def status(self) -> str:
        """What its postmaster says: `starting`, `ready`, `standby`, `stopping`; empty for nothing."""
        lines = self._pid_lines()
        return lines[_STATUS_LINE].strip() if len(lines) > _STATUS_LINE else ""

    @property
    def is_standby(self) -> bool:
        """True when a server started here follows another one."""
        return (self.path / "standby.signal").exists()

    @property
    def size_bytes(self) -> int:
        """Bytes it takes on disk, the write-ahead log included; files that vanish count as nothing."""
        return sum(status.st_blocks * _BLOCK for status in _statuses(self.path))

    def recorded_pid(self) -> int | None:
        """Return the pid in the pid file; its process may be long gone, or another one."""
        lines = self._pid_lines()
        return int(lines[0]) if lines and lines[0].strip().isdigit() else None

    def recorded_segment(self) -> int | None:
        """Return the number of the shared memory in the pid file, which holds its key and its number."""
        lines = self._pid_lines()
        fields = lines[_MEMORY_LINE].split() if len(lines) > _MEMORY_LINE else []
        return int(fields[-1]) if fields else None

    def _pid_lines(self) -> list[str]:
        try:
            return self.pid_file.read_text().splitlines()
        except FileNotFoundError:
            return []


def _statuses(directory: Path) -> Iterator[os.stat_result]:
    with contextlib.suppress(FileNotFoundError), os.scandir(directory) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):
                if entry.is_dir(follow_symlinks=False):
                    yield from _statuses(Path(entry.path))
                yield entry.stat(follow_symlinks=False)
