"""Base backups of an archive: taken from a running server, kept as long as somebody may want to go back.

Segments are kept from the oldest base backup on. The last complete base backup is never removed, however old,
and nothing is while a restore reads the archive.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from localcloud.postgres.archive import Archive
from localcloud.postgres.backup import Backup
from localcloud.postgres.live_copy import copy_running
from localcloud.postgres.segment import Segment
from localcloud.postgres.server import Server

_FORM = "%Y%m%dT%H%M%S.%fZ"


def take_base_backup(server: Server, archive: Archive, *, now: datetime) -> Backup:
    """Copy a running server into an archive, and end a transaction so that the copy can be restored soon.

    Args:
        server: one that hands over its log to this archive.
        archive: attached to it.
        now: names the copy.

    Raises:
        Refused, psycopg.Error, OSError: see `copy_running`.
    """
    archive.make(server.account)
    backup = copy_running(server, archive.backups_directory / now.strftime(_FORM))
    beat(server)
    return backup


def beat(server: Server) -> None:
    """End an empty transaction: without any, an idle server's latest restorable moment would stand still.

    RDS has a heartbeat of its own for the same reason. On a standby nothing happens.
    """
    server.query("select case when not pg_is_in_recovery() then pg_current_xact_id() end")


def hand_over(server: Server) -> None:
    """End the current segment, with a transaction in it, for the archive to get it now; not on a standby."""
    beat(server)
    server.query("select case when not pg_is_in_recovery() then pg_switch_wal() end")


def remove_old(archive: Archive, *, before: datetime) -> tuple[str, ...]:
    """Remove what is not needed to restore to `before` or any later moment, and return the names.

    Nothing is removed while a restore reads the archive: the next call does it.
    """
    with (archive.directory / "in-use").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return ()
        return _remove(archive, before)


@contextmanager
def kept(archive: Archive) -> Iterator[None]:
    """Keep everything in an archive for as long as the block lasts; also ends with this process."""
    with (archive.directory / "in-use").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def _remove(archive: Archive, before: datetime) -> tuple[str, ...]:
    backups = archive.backups()
    old = [backup for backup in backups[:-1] if _follower(backups, backup).facts.finished_at <= before]
    for backup in old:
        # First what makes it a backup: a half removed one must not look like a whole one.
        (backup.directory / "backup.json").unlink()
        shutil.rmtree(backup.directory)
    left = [backup for backup in backups if backup not in old]
    return tuple(backup.directory.name for backup in old) + _remove_segments(archive, left[:1])


def _follower(backups: tuple[Backup, ...], backup: Backup) -> Backup:
    return backups[backups.index(backup) + 1]


def _remove_segments(archive: Archive, oldest: list[Backup]) -> tuple[str, ...]:
    """Remove the segments before a backup's, of every timeline; history files are small and stay."""
    removed = []
    for backup in oldest:
        for name in archive.sizes():
            segment = Segment.named(name, backup.facts.segment_bytes)
            if segment is not None and segment.number < backup.facts.last_segment.number:
                (archive.wal / name).unlink()
                removed.append(name)
    return tuple(sorted(removed))
