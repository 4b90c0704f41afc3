"""An instance's backups in another region: an archive that is filled from the first one, step by step.

What can be restored there is looked up in what has arrived there: while a region is cut off nothing does,
and its latest restorable moment stands still.
"""

from __future__ import annotations

from collections.abc import Callable

from lifeboat.postgres.account import Account
from localcloud.postgres.archive import Archive
from localcloud.postgres.backup import Backup
from localcloud.postgres.base_backup import kept
from localcloud.postgres.file_copy import DirectoryCopy
from localcloud.postgres.segment import Segment
from localcloud.postgres.snapshot import copy_snapshot
from localcloud.postgres.timeline import timeline_of_history


def replicate_backups(
    source: Archive, target: Archive, account: Account, *, before_each: Callable[[], None] = lambda: None
) -> tuple[str, ...]:
    """Copy what the target lacks, and return the names of what was copied; what is there is left alone.

    The newest base backup comes first, then the log from there on: what was before replication began stays
    where it is.

    Args:
        source: of the instance; nothing is removed from it meanwhile.
        target: made when it is not there.
        account: who owns it.
        before_each: called before every file; what it raises, because a region is cut off, ends the copying.
            The next call goes on there.
    """
    target.make(account)
    with kept(source), kept(target):
        backups = _lacking(source.backups(), target.backups())
        for backup in backups:
            place = target.backups_directory / backup.directory.name
            copy_snapshot(backup, place, account, before_each=before_each)
        names = _lacking_log(source, target)
        copy = DirectoryCopy(account=account, before_each=before_each)
        for name in names:
            part = target.wal / f".{name}"
            copy.copy_file(source.wal / name, part)
            part.rename(target.wal / name)
    return tuple(backup.directory.name for backup in backups) + names


def _lacking(source: tuple[Backup, ...], target: tuple[Backup, ...]) -> tuple[Backup, ...]:
    if not target:
        return source[-1:]
    newest_at = target[-1].facts.finished_at
    return tuple(backup for backup in source if backup.facts.finished_at > newest_at)


def _lacking_log(source: Archive, target: Archive) -> tuple[str, ...]:
    """Return the files in the order of the log, history files first."""
    backups = target.backups()
    if not backups:
        return ()
    facts = backups[0].facts
    lacking = set(source.sizes()) - set(target.sizes())
    segments = (Segment.named(name, facts.segment_bytes) for name in lacking)
    needed = sorted(each for each in segments if each and each.number >= facts.last_segment.number)
    histories = sorted(name for name in lacking if timeline_of_history(name) is not None)
    return (*histories, *(segment.name for segment in needed))
