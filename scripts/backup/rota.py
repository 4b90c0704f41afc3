"""What is looked at in which night, so that everything is read again within a week; pure, by date alone.

The newest backup of every database is decoded each night, and restored for one database a night in turns. Of
the older ones each is read in full every seventh night after the night it was made; one that missed its turn
is due until it was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scripts.backup.levels import Level, Share, VerificationRecord
from scripts.backup.listing import Backup, Listing, newest_first

NIGHTS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One backup and how closely it is looked at."""

    backup: Backup
    level: Level


def rota(listing: Listing, now: datetime, *, can_restore: bool) -> tuple[Look, ...]:
    """Return what to look at this night, the newest backups first.

    Args:
        listing: everything in a bucket.
        now: moment of the night, on the bucket's clock.
        can_restore: whether this machine can run a throw-away server.
    """
    night = now.date()
    names = sorted({each.manifest.database for each in listing.backups})
    restored = names[night.toordinal() % len(names)] if names and can_restore else ""
    looks, older = [], []
    for name in names:
        newest, *rest = newest_first(listing.of(name))
        level = Level.RIGHT if name == restored else Level.DECODES
        looks.append(Look(backup=newest, level=level))
        older += rest
    looks += [Look(backup=each, level=Level.UNALTERED) for each in newest_first(older) if _is_due(each, now)]
    return tuple(looks)


def share_of(night: date) -> Share:
    """Return the share of all older backups that is read in a night."""
    return Share(number=night.toordinal() % NIGHTS + 1, of=NIGHTS)


def _is_due(backup: Backup, now: datetime) -> bool:
    if share_of(now.date()).takes(backup.manifest.stopped_at.date().toordinal()):
        return True
    whole = [record.at for record in backup.records if _is_whole(record)]
    read_at = max(whole, default=backup.manifest.stopped_at)
    return now - read_at > timedelta(days=NIGHTS)


def _is_whole(record: VerificationRecord) -> bool:
    return record.share is None and record.asked >= Level.UNALTERED
