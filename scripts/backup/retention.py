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
    return tuple(
        verdict
        for name in databases
        for verdict in _decide(newest_first(listing.of(name)), doubtful, retention, now)
    )


def forgotten(listing: Listing, now: datetime) -> tuple[Leftover, ...]:
    """Return the leftovers that nobody can still be writing."""
    return tuple(
        each
        for each in listing.leftovers
        if each.begun_at is not None and now - each.begun_at >= LEFTOVER_AGE
    )


def _decide(
    backups: Sequence[Backup], doubtful: frozenset[str], retention: Retention, now: datetime
) -> list[Verdict]:
    sound = [each for each in backups if not each.is_damaged and each.id not in doubtful]
    fewest = {each.id for each in sound[: retention.minimum]}
    proofs = _proofs(sound)
    verdicts = []
    for each in backups:
        age = now - each.manifest.stopped_at
        reasons = (
            (each.is_held(now), "a running restore holds it"),
            (age < timedelta(), "ended in the future of this clock"),
            (age < retention.age, f"younger than {retention.age.days} days"),
            (each.id in proofs, f"the newest that reached {proofs.get(each.id, '')}"),
            (each.id in fewest, f"one of the last {retention.minimum}"),
        )
        kept = next((reason for holds, reason in reasons if holds), "")
        verdicts.append(Verdict(backup=each, keep=bool(kept), reason=kept or f"ended {age.days} days ago"))
    return verdicts


def _proofs(sound: Sequence[Backup]) -> dict[str, str]:
    """Return the newest backup that reached each level; of one backup its highest."""
    found: dict[str, str] = {}
    for level in Level:
        newest = next((each for each in sound if each.level is not None and each.level >= level), None)
        if newest is not None:
            found[newest.id] = level.short
    return found
