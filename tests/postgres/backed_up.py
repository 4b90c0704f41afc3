"""Servers with archives, for tests of what they can be restored from."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lifeboat.core.clock import SystemClock
from lifeboat.postgres.account import Account
from localcloud.postgres.archive import Archive, prepare_without_archive
from localcloud.postgres.backup import Backup
from localcloud.postgres.base_backup import beat, take_base_backup
from localcloud.postgres.server import Server
from tests.postgres.databases import Databases, open_directory
from tests.postgres.writing import History, make_table, wait_for, writing
from tests.waiting import soon

CLOCK = SystemClock()
LONG_S = 3600

_SEGMENTS = 3
_ROWS = 60


def plain_server(databases: Databases, name: str = "one", *, major: int = 16) -> Server:
    """Return a running server without an archive, which can be given one."""
    server = databases.make(name, major=major)
    prepare_without_archive(server.account, server.data)
    server.start()
    return server


def archived_server(databases: Databases, name: str = "one", *, major: int = 16) -> tuple[Server, Archive]:
    """Return a running server and its archive, to which segments come only when a test switches them."""
    server = plain_server(databases, name, major=major)
    archive = Archive(databases.directory / f"{name}-archive")
    archive.attach(server, interval_s=LONG_S)
    return server, archive


def back_up(server: Server, archive: Archive) -> Backup:
    """Take a base backup and hand over what makes it restorable."""
    backup = take_base_backup(server, archive, now=CLOCK.now())
    hand_over(server, archive)
    return backup


def hand_over(server: Server, archive: Archive) -> str:
    """End a transaction, hand over everything so far, wait for it, and return the segment's name."""
    beat(server)
    ((name,),) = server.query("select pg_walfile_name(pg_switch_wal())")
    assert soon(lambda: name in archive.sizes()), f"{name} was not handed over"
    return str(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A running server with a history, its archive, and the segments that history lies in."""

    server: Server
    archive: Archive
    history: History
    segments: tuple[str, ...]

    def moment(self, share: float) -> datetime:
        """Return a quiet moment after the base backup; 0 is the first one, 1 the last."""
        earliest_at = self.archive.backups()[0].facts.finished_at
        moments = [moment for moment in self.history.quiet_moments() if moment > earliest_at]
        return moments[round(share * (len(moments) - 1))]


@contextmanager
def open_source(templates: Path) -> Iterator[Source]:
    """Run a server whose history goes on over several segments after its base backup."""
    with open_directory() as directory:
        databases = Databases(directory, templates)
        try:
            yield _make_source(databases)
        finally:
            databases.end()


def _make_source(databases: Databases) -> Source:
    server, archive = archived_server(databases, "source")
    make_table(server)
    segments = []
    with writing(server) as history:
        wait_for(history, _ROWS)
        back_up(server, archive)
        for _ in range(_SEGMENTS):
            wait_for(history, _ROWS)
            segments.append(hand_over(server, archive))
    segments.append(hand_over(server, archive))
    return Source(server=server, archive=archive, history=history, segments=tuple(segments))


def linked(archive: Archive, directory: Path) -> Archive:
    """Return an archive with the same content, of which a file can be replaced without changing the first."""
    shutil.copytree(archive.directory, directory, copy_function=os.link)
    Account.current().own(directory)
    return Archive(directory)


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file by one with other content and the same owner and times."""
    status = path.stat()
    path.unlink()
    path.write_bytes(content)
    os.chown(path, status.st_uid, status.st_gid)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
