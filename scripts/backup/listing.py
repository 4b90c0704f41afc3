"""Which backups there are, out of what lies in a bucket; sorted by when they ended, never by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from scripts.backup.holds import Hold
from scripts.backup.keys import manifest_key, owner_of
from scripts.backup.levels import Level, VerificationRecord, proven
from scripts.backup.manifest import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup, and what is known of it.

    Args:
        manifest: what it is.
        records: of verification.
        holds: who needs it.
        unreadable: objects beside it that could not be read, and why.
    """

    manifest: Manifest
    records: tuple[VerificationRecord, ...] = ()
    holds: tuple[Hold, ...] = ()
    unreadable: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its id."""
        return self.manifest.id

    @property
    def level(self) -> Level | None:
        """What is proven of it."""
        return proven(self.records)[0]

    @property
    def is_damaged(self) -> bool:
        """Tell whether the newest look found it damaged."""
        return proven(self.records)[1]

    def is_held(self, now: datetime) -> bool:
        """Tell whether somebody needs it; an unreadable hold counts as one."""
        unsure = any("/holds/" in reason for reason in self.unreadable)
        return unsure or any(hold.is_active(now) for hold in self.holds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """Objects under a backup's prefix that are no backup: interrupted, being written now, or unreadable.

    Args:
        begun_at: when it was begun, on the store's clock; None when that cannot be told.
        by: who began it.
        reason: why it is no backup.
        keys: its objects.
    """

    database: str
    id: str
    begun_at: datetime | None
    by: str
    reason: str
    keys: tuple[str, ...]
    stored_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Everything in a bucket that has to do with backups.

    Args:
        backups: newest first.
        leftovers: what is no backup.
        read_at: moment of the reading, on the store's clock; None when the bucket is empty.
    """

    backups: tuple[Backup, ...]
    leftovers: tuple[Leftover, ...]
    read_at: datetime | None = None

    def of(self, database: str) -> tuple[Backup, ...]:
        """Return the backups of one database, newest first."""
        return tuple(each for each in self.backups if each.manifest.database == database)


def newest_first(backups: Iterable[Backup]) -> tuple[Backup, ...]:
    """Sort by when they ended."""
    return tuple(sorted(backups, key=lambda each: (each.manifest.stopped_at, each.id), reverse=True))


def grouped(keys: Iterable[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return keys by the database and the backup they belong to."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for key in keys:
        owner = owner_of(key)
        if owner is not None:
            found[owner].append(key)
    return {owner: tuple(sorted(names)) for owner, names in found.items()}


def has_manifest(owner: tuple[str, str], keys: Sequence[str]) -> bool:
    """Tell whether keys hold a manifest, without which there is no backup."""
    return manifest_key(*owner) in keys
