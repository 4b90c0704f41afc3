"""Which backups may go: a pure decision over what there is, by database, by the moment they ended.

Kept whatever its age: the newest `minimum` sound ones; for every level the newest that reached it; what a
running restore holds; what ended in the future of the clock that decides. A backup that is damaged, or
suspiciously small, does not count towards the minimum, and goes by age alone like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lifeboat.core.errors import ConfigError
from scripts.backup.levels import Level
from scripts.backup.listing import Backup, Leftover, Listing, newest_first
from scripts.backup.shrinkage import suspicions

LEFTOVER_AGE = timedelta(hours=24)
"""Younger ones may still be being written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long backups are kept.

    Args:
        age: older ones may go.
        minimum: sound backups of each database that stay whatever their age (>= 1).
    """

    age: timedelta
    minimum: int = 3

    def __post_init__(self) -> None:
        if self.minimum < 1 or self.age <= timedelta():
            raise ConfigError(
                f"retention of {self.age} with at least {self.minimum}: both have to be above zero"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Something that is kept for a time.

    Args:
        id: its name.
        ended_at: from when on it was whole.
        counts: whether it can be relied on.
        level: what is proven of it.
        needed_by: who needs it whatever its age; empty when nobody does.
    """

    id: str
    ended_at: datetime
    counts: bool
    level: Level | None = None
    needed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of one backup, and why."""

    backup: Backup
    keep: bool
    reason: str


def decide(listing: Listing, retention: Retention, now: datetime) -> tuple[Verdict, ...]:
    """Decide about every backup, newest first within a database.

    Args:
        listing: all of them.
        retention: how long.
        now: moment on the clock of the store, which wrote the ages.
    """
    databases = sorted({each.manifest.database for each in listing.backups})
    doubtful = frozenset(suspicions(listing))
    verdicts: list[Verdict] = []
    for name in databases:
        backups = newest_first(listing.of(name))
        judged = judge([_kept(each, doubtful, now) for each in backups], retention, now)
        verdicts += [
            Verdict(backup=backup, keep=keep, reason=reason)
            for backup, (keep, reason) in zip(backups, judged, strict=True)
        ]
    return tuple(verdicts)


def forgotten(listing: Listing, now: datetime) -> tuple[Leftover, ...]:
    """Return the leftovers that nobody can still be writing."""
    return tuple(
        each
        for each in listing.leftovers
        if each.begun_at is not None and now - each.begun_at >= LEFTOVER_AGE
    )


def judge(kept: Sequence[Kept], retention: Retention, now: datetime) -> tuple[tuple[bool, str], ...]:
    """Say of each thing of one kind whether it stays, and why.

    Args:
        kept: of one database, newest first.
        retention: how long.
        now: moment on the clock that wrote the ages.
    """
    sound = [each for each in kept if each.counts]
    fewest = {each.id for each in sound[: retention.minimum]}
    proofs = _proofs(sound)
    verdicts = []
    for each in kept:
        age = now - each.ended_at
        reasons = (
            (bool(each.needed_by), each.needed_by),
            (age < timedelta(), "ended in the future of this clock"),
            (age < retention.age, f"younger than {retention.age.days} days"),
            (each.id in proofs, f"the newest that reached {proofs.get(each.id, '')}"),
            (each.id in fewest, f"one of the last {retention.minimum}"),
        )
        reason = next((reason for holds, reason in reasons if holds), "")
        verdicts.append((bool(reason), reason or f"ended {age.days} days ago"))
    return tuple(verdicts)


def _kept(backup: Backup, doubtful: frozenset[str], now: datetime) -> Kept:
    return Kept(
        id=backup.id,
        ended_at=backup.manifest.stopped_at,
        counts=not backup.is_damaged and backup.id not in doubtful,
        level=backup.level,
        needed_by="a running restore holds it" if backup.is_held(now) else "",
    )


def _proofs(sound: Sequence[Kept]) -> dict[str, str]:
    """Return the newest that reached each level; of one its highest."""
    found: dict[str, str] = {}
    for level in Level:
        newest = next((each for each in sound if each.level is not None and each.level >= level), None)
        if newest is not None:
            found[newest.id] = level.short
    return found
