"""Between which moments an archive can be restored, and from which base backup: looked up, never assumed.

A moment can be restored when a base backup was finished before it, every segment from there on is in the
archive and sound, and a transaction that ended after it is in them too: only that proves to PostgreSQL that
it has seen everything before. So the latest restorable moment is the time of the last transaction in the
archive; it stands still when the archive does, and stays before a hole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lifeboat.postgres.account import Account
from localcloud.postgres.archive import Archive
from localcloud.postgres.backup import Backup
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.segment import Segment
from localcloud.postgres.timeline import Branch, way_from
from localcloud.postgres.wal_chain import ChainEnd, along, why_absent
from localcloud.postgres.wal_reader import times_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What one base backup and the segments behind it can be restored to.

    Args:
        backup: the base backup.
        timeline: on which the segments end.
        latest_at: the last moment; None when there is none yet.
        last_lsn: where the last record lies that ends a transaction.
        absent: the segment that ends the window.
        absent_because: why.
    """

    backup: Backup
    timeline: int
    latest_at: datetime | None
    last_lsn: int
    absent: Segment
    absent_because: ChainEnd

    @property
    def earliest_at(self) -> datetime:
        """The first moment."""
        return self.backup.facts.finished_at

    def holds(self, moment: datetime) -> bool:
        """Tell whether a moment can be restored."""
        return self.latest_at is not None and self.earliest_at <= moment <= self.latest_at

    def __str__(self) -> str:
        if self.latest_at is None:
            return f"nothing ({self.absent.name} {self.absent_because})"
        return f"{self.earliest_at} to {self.latest_at} ({self.absent.name} {self.absent_because})"


def windows_of(archive: Archive) -> Iterator[Window]:
    """Return the window of every base backup, the newest first, each looked up when it is asked for."""
    sizes, histories = archive.sizes(), archive.histories()
    for backup in reversed(archive.backups()):
        yield _window(archive, backup, sizes, way_from(backup.facts.timeline, histories))


def latest_restorable_at(archive: Archive) -> datetime | None:
    """Return the last moment the archive can be restored to; None when there is none."""
    return next((window.latest_at for window in windows_of(archive) if window.latest_at), None)


def earliest_restorable_at(archive: Archive) -> datetime | None:
    """Return the first moment the archive can be restored to; None when there is none."""
    return min((window.earliest_at for window in windows_of(archive) if window.latest_at), default=None)


def _window(archive: Archive, backup: Backup, sizes: dict[str, int], way: tuple[Branch, ...]) -> Window:
    binaries, account = Binaries.of(backup.facts.major), Account.current()
    timeline, latest_at, last_lsn = backup.facts.timeline, backup.facts.finished_at, 0
    for segment in along(backup.facts.last_segment, way):
        if segment.name not in sizes:
            because = why_absent(segment, sizes, way)
            break
        if sizes[segment.name] != segment.size_bytes:
            because = ChainEnd.TRUNCATED
            break
        times = times_in(binaries, account, archive.wal / segment.name)
        if not times.is_sound:
            because = ChainEnd.DAMAGED
            break
        timeline = segment.timeline
        latest_at = max(latest_at, times.latest_at or latest_at)
        last_lsn = max(last_lsn, times.last_lsn)
    is_proven = latest_at > backup.facts.finished_at
    return Window(
        backup=backup,
        timeline=timeline,
        latest_at=latest_at if is_proven else None,
        last_lsn=last_lsn,
        absent=segment,
        absent_because=because,
    )
