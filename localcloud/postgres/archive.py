"""The WAL archive and base backups of one instance in one region: a directory that servers write into.

    <directory>/wal/<segment, history file>     what PostgreSQL's archiver handed over, each file whole
    <directory>/backups/<begin>/                base backups, see `backup.py`
    <directory>/refusing                        while it is there, nothing is taken (a fault)

A file is never replaced by another one: a second hand-over of the same content is accepted, because the two
servers of a Multi-AZ instance have the same segments to hand over, and one with different content fails. A
restored server gets an archive of its own.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from lifeboat.postgres.account import Account
from localcloud.postgres.backup import Backup
from localcloud.postgres.configuration import write_part
from localcloud.postgres.server import Server
from localcloud.postgres.timeline import Fork, read_history, timeline_of_history

PART = "70-archive"
NO_ARCHIVE = {"archive_mode": "always", "archive_command": "true", "archive_timeout": "0"}
"""What a server without an archive runs with: the mode cannot be changed while it runs, the command can."""


@dataclass(frozen=True, slots=True)
class Archive:
    """What one instance can be restored from."""

    directory: Path

    @property
    def wal(self) -> Path:
        """Where segments and history files lie."""
        return self.directory / "wal"

    @property
    def backups_directory(self) -> Path:
        """Where base backups lie."""
        return self.directory / "backups"

    @property
    def _refusing(self) -> Path:
        return self.directory / "refusing"

    def make(self, account: Account) -> None:
        """Make the directories, those that are there already left as they are."""
        for directory in (self.directory, self.wal, self.backups_directory):
            account.make_private(directory)

    def attach(self, server: Server, *, interval_s: int) -> None:
        """Let a running server hand over its log.

        Args:
            server: started with an archive mode, see `NO_ARCHIVE`.
            interval_s: a segment is handed over this long after its first write, full or not; >= 1.
        """
        self.make(server.account)
        values = NO_ARCHIVE | {"archive_command": self.command(), "archive_timeout": str(interval_s)}
        write_part(server.account, server.data, PART, values)
        server.reload()

    def command(self) -> str:
        """Return the archiver's shell command; `%p` is the file, `%f` its name.

        The directory stands in it once: up to version 15 PostgreSQL cuts the command off after 1,023 bytes.
        """
        home = shlex.quote(str(self.directory)).replace("%", "%%")
        names = f"d={home}; f=$d/wal/%f; t=$d/wal/.%f.$$"
        # Sparse: a segment that was handed over early is mostly zeros. Not every `cp` can.
        copy = '{ cp --sparse=always "%p" "$t" 2>/dev/null || cp "%p" "$t"; } && mv "$t" "$f"'
        take = f'if test -e "$f"; then cmp -s "%p" "$f"; else {copy}; fi'
        return f'{names}; test ! -e "$d/{self._refusing.name}" && {take}'

    def refuse(self) -> None:
        """Take nothing more: servers keep their segments and try again."""
        # Also one that is not attached to a server yet.
        self.directory.mkdir(parents=True, exist_ok=True)
        self._refusing.touch()

    def accept(self) -> None:
        """Take files again."""
        self._refusing.unlink(missing_ok=True)

    def sizes(self) -> dict[str, int]:
        """Return the bytes of every whole file, by name."""
        if not self.wal.exists():
            return {}
        return {path.name: path.stat().st_size for path in self.wal.iterdir() if path.name[0] != "."}

    def histories(self) -> dict[int, tuple[Fork, ...]]:
        """Return the history files, by timeline."""
        found = {timeline_of_history(name): name for name in self.sizes()}
        return {
            timeline: read_history((self.wal / name).read_text())
            for timeline, name in found.items()
            if timeline is not None
        }

    def backups(self) -> tuple[Backup, ...]:
        """Return the complete base backups, the last one made last."""
        if not self.backups_directory.exists():
            return ()
        found = (Backup.at(directory) for directory in self.backups_directory.iterdir())
        complete = (backup for backup in found if backup is not None)
        return tuple(sorted(complete, key=lambda backup: backup.facts.finished_at))


def detach(server: Server) -> None:
    """Let a running server hand over its log to nobody."""
    prepare_without_archive(server.account, server.data)
    server.reload()


def prepare_without_archive(account: Account, data: Path) -> None:
    """Let a server start with an archive mode and no archive: new data need it before their first start."""
    write_part(account, data, PART, NO_ARCHIVE)
