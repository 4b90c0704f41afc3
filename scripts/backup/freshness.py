"""How old what could be restored is: by database, out of a bucket, whatever any job said about itself.

Counted is the newest backup whose parts are all there and against which nothing speaks; younger ones that do
not count are named with the reason. Its age is that of its data, not of its end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scripts.backup.levels import Level, VerificationRecord
from scripts.backup.listing import Backup, Listing, newest_first
from scripts.backup.manifest import Manifest
from scripts.backup.shrinkage import suspicions


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """What there is of one database.

    Args:
        database: its name.
        newest: the backup that counts; None when there is none.
        tested: the last restore on a throw-away server that found nothing wrong; None when there was none.
        passed_over: backups younger than `newest` that do not count, and why.
    """

    database: str
    newest: Backup | None
    tested: VerificationRecord | None
    passed_over: tuple[str, ...] = ()

    def age(self, now: datetime) -> timedelta | None:
        """Return the age of the data."""
        return None if self.newest is None else now - self.newest.manifest.snapshot_at


def freshness(
    listing: Listing, expected: Sequence[str], incomplete: Callable[[Manifest], Sequence[str]]
) -> tuple[Freshness, ...]:
    """Return what there is of each database.

    Args:
        listing: everything in a bucket.
        expected: databases that have to be there.
        incomplete: says which parts of a backup are not in the bucket; asked for as few as possible.
    """
    doubtful = suspicions(listing)
    found = []
    for database in databases_of(listing, expected):
        newest, passed_over = None, []
        backups = newest_first(listing.of(database))
        for each in backups:
            reason = "damaged" if each.is_damaged else doubtful.get(each.id, "")
            reason = reason or "; ".join(incomplete(each.manifest))
            if not reason:
                newest = each
                break
            passed_over.append(f"{each.id}: {reason}")
        found.append(
            Freshness(
                database=database, newest=newest, tested=_tested(backups), passed_over=tuple(passed_over)
            )
        )
    return tuple(found)


def databases_of(listing: Listing, expected: Sequence[str]) -> tuple[str, ...]:
    """Return the databases that count: the expected ones, and those the instance had at the last backup.

    One that was dropped keeps its last backups and is not missed any more.
    """
    last = newest_first(listing.backups)[:1]
    known = set(last[0].manifest.neighbours) if last else set()
    return tuple(sorted({*expected, *(known or {each.manifest.database for each in listing.backups})}))


def _tested(backups: Sequence[Backup]) -> VerificationRecord | None:
    passed = [
        record
        for each in backups
        for record in each.records
        if not record.problems and record.reached is not None and record.reached >= Level.RESTORES
    ]
    return max(passed, key=lambda record: record.at, default=None)
