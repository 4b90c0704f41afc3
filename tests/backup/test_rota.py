"""What is looked at in which night: everything within a week, by date alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from scripts.backup.levels import Level
from scripts.backup.listing import Backup, Listing, newest_first
from scripts.backup.rota import rota
from tests.backup.manifests import DAY, NOW, a_manifest, a_record


def _listing(*backups: Backup) -> Listing:
    return Listing(backups=newest_first(backups), leftovers=())


def _of(database: str, number: int, age: timedelta, *, read_at: datetime | None = None) -> Backup:
    records = () if read_at is None else (a_record(number, reached=Level.UNALTERED, at=read_at),)
    return Backup(manifest=a_manifest(number, database=database, stopped_at=NOW - age), records=records)


def test_every_night_decodes_the_newest_and_restores_one_database_in_turns() -> None:
    listing = _listing(*(_of(name, number, DAY / 4) for number, name in enumerate("abc")))
    turns = []
    for night in range(3):
        looks = rota(listing, NOW + night * DAY, can_restore=True)
        assert len(looks) == 3
        turns += [look.backup.manifest.database for look in looks if look.level is Level.RIGHT]
        assert all(look.level is Level.DECODES for look in looks if look.level is not Level.RIGHT)
    assert sorted(turns) == ["a", "b", "c"]
    levels = {look.level for look in rota(listing, NOW, can_restore=False)}
    assert levels == {Level.DECODES}


def test_every_older_backup_is_read_once_in_seven_nights() -> None:
    backups = [_of("shop", number, number * DAY, read_at=NOW) for number in range(40)]
    read = [
        look.backup.id
        for night in range(7)
        for look in rota(_listing(*backups), NOW + night * DAY, can_restore=False)
        if look.level is Level.UNALTERED
    ]
    assert sorted(read) == sorted(each.id for each in backups[1:])


def test_a_backup_that_missed_its_turn_is_due_until_it_was_read() -> None:
    newest = _of("shop", 1, DAY / 4)
    looks = {
        "another night's, read six days ago": _of("shop", 2, 20 * DAY, read_at=NOW - 6 * DAY),
        "another night's, read nine days ago": _of("shop", 3, 20 * DAY, read_at=NOW - 9 * DAY),
        "another night's, never read": _of("shop", 4, 20 * DAY),
        "this night's, read yesterday": _of("shop", 5, 21 * DAY, read_at=NOW - DAY),
        "of yesterday": _of("shop", 6, DAY),
    }
    due = {look.backup.id for look in rota(_listing(newest, *looks.values()), NOW, can_restore=False)[1:]}
    assert [name for name, each in looks.items() if each.id in due] == [
        "another night's, read nine days ago",
        "another night's, never read",
        "this night's, read yesterday",
    ]
