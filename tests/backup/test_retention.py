"""Retention sorts by when a backup ended, keeps what was proven, and never takes what somebody needs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifeboat.core.errors import ConfigError
from scripts.backup.holds import Hold
from scripts.backup.levels import Level
from scripts.backup.listing import Backup, Listing
from scripts.backup.retention import Retention, decide
from tests.backup.manifests import DAY, NOW, a_backup, a_manifest, a_record

MONTH = Retention(age=30 * DAY, minimum=1)


def removed(backups: list[Backup], retention: Retention = MONTH) -> set[str]:
    listing = Listing(backups=tuple(backups), leftovers=(), read_at=NOW)
    return {each.backup.id for each in decide(listing, retention, NOW) if not each.keep}


def test_what_is_older_than_its_retention_goes() -> None:
    old, young = a_backup(1, age=31 * DAY), a_backup(2, age=29 * DAY)
    assert removed([old, young]) == {old.id}


@pytest.mark.fault("F06")
def test_the_newest_is_told_by_when_it_ended_and_not_by_its_name() -> None:
    newest, oldest = a_backup(1, age=40 * DAY), a_backup(9, age=50 * DAY)
    assert newest.id < oldest.id
    assert removed([oldest, newest]) == {oldest.id}


@pytest.mark.fault("F06")
def test_the_newest_that_reached_each_level_stays_however_old_it_is() -> None:
    restored = a_backup(1, age=300 * DAY, reached=Level.RESTORES)
    hashed = a_backup(2, age=200 * DAY, reached=Level.UNALTERED)
    unknown = a_backup(3, age=100 * DAY)
    last = a_backup(4, age=90 * DAY)
    assert removed([restored, hashed, unknown, last]) == {unknown.id}


def test_a_damaged_backup_counts_for_nothing() -> None:
    broken = a_backup(1, age=40 * DAY, records=(a_record(1, reached=None, problems=["part is missing"]),))
    sound = a_backup(2, age=50 * DAY)
    assert removed([broken, sound]) == {broken.id}


def test_what_a_running_restore_holds_stays_until_the_hold_ends() -> None:
    def held(until_at: timedelta, *, released: bool = False) -> Backup:
        hold = Hold(holder="run-1", until_at=NOW + until_at, token="t", released=released)
        return a_backup(1, age=90 * DAY, holds=(hold,))

    newest = a_backup(2)
    assert removed([newest, held(timedelta(hours=1))]) == set()
    assert removed([newest, held(timedelta(hours=-1))]) == {held(timedelta()).id}
    assert removed([newest, held(timedelta(hours=1), released=True)]) == {held(timedelta()).id}


def test_a_hold_that_cannot_be_read_holds() -> None:
    doubtful = a_backup(1, age=90 * DAY, unreadable=("shop/x/holds/run-1.json: altered",))
    assert removed([a_backup(2), doubtful]) == set()


def test_each_database_is_decided_on_its_own() -> None:
    shop = a_backup(1, age=90 * DAY)
    other = Backup(manifest=a_manifest(2, stopped_at=NOW - 90 * DAY, database="other"))
    assert removed([shop, other]) == set()


def test_a_retention_of_nothing_is_refused() -> None:
    with pytest.raises(ConfigError):
        Retention(age=DAY, minimum=0)
    with pytest.raises(ConfigError):
        Retention(age=timedelta())


@pytest.mark.fault("F06")
@given(
    ages=st.lists(st.integers(-5, 400), max_size=12),
    levels=st.lists(st.none() | st.sampled_from(list(Level)), min_size=12, max_size=12),
    minimum=st.integers(1, 5),
)
def test_never_fewer_than_the_minimum_and_never_the_best_proven(
    ages: list[int], levels: list[Level | None], minimum: int
) -> None:
    backups = [a_backup(number, age=age * DAY, reached=levels[number]) for number, age in enumerate(ages)]
    gone = removed(backups, Retention(age=30 * DAY, minimum=minimum))
    kept = [each for each in backups if each.id not in gone]
    assert len(kept) >= min(minimum, len(backups))
    best = max((each.level for each in backups if each.level is not None), default=None)
    assert best is None or best in {each.level for each in kept}
    assert all(NOW - each.manifest.stopped_at >= 30 * DAY for each in backups if each.id in gone)
