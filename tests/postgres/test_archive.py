"""The archive: what it takes, how far it can be restored, what is kept, what reaches the other region."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lifeboat.core.errors import Refused
from lifeboat.postgres.account import Account
from localcloud.postgres.archive import Archive, detach
from localcloud.postgres.backup_replication import replicate_backups
from localcloud.postgres.base_backup import beat, kept, remove_old, take_base_backup
from localcloud.postgres.restore import restore_to
from localcloud.postgres.window import earliest_restorable_at, latest_restorable_at
from tests.postgres.backed_up import (
    CLOCK,
    LONG_S,
    Source,
    archived_server,
    back_up,
    hand_over,
    linked,
    open_source,
    plain_server,
)
from tests.postgres.databases import Databases
from tests.postgres.writing import make_table, rows_in, wait_for, writing
from tests.waiting import soon

SEGMENT = "000000010000000000000001"


@pytest.fixture(scope="module")
def source(templates: Path) -> Iterator[Source]:
    with open_source(templates) as source:
        yield source


@pytest.fixture
def account() -> Account:
    return Account.current()


def hand_to(archive: Archive, file: Path) -> int:
    """Run the archiver's command as PostgreSQL does, and return its exit code."""
    command = archive.command().replace("%p", str(file)).replace("%f", SEGMENT).replace("%%", "%")
    return subprocess.run(["/bin/sh", "-c", command], check=False).returncode


@pytest.mark.parametrize("name", ["plain", 'it\'s 100% $odd; "here"'])
def test_a_file_is_taken_whole_and_never_replaced(tmp_path: Path, account: Account, name: str) -> None:
    archive = Archive(tmp_path / name)
    archive.make(account)
    first, other = tmp_path / "first", tmp_path / "other"
    first.write_bytes(b"log" + bytes(100_000))
    other.write_bytes(b"lag" + bytes(100_000))
    assert hand_to(archive, first) == 0
    assert hand_to(archive, first) == 0
    assert hand_to(archive, other) != 0
    assert hand_to(archive, tmp_path / "absent") != 0
    assert (archive.wal / SEGMENT).read_bytes() == first.read_bytes()
    assert set(archive.sizes()) == {SEGMENT}


def test_an_archive_that_refuses_takes_nothing(tmp_path: Path, account: Account) -> None:
    archive = Archive(tmp_path / "archive")
    archive.make(account)
    (tmp_path / "file").write_bytes(b"log")
    archive.refuse()
    assert hand_to(archive, tmp_path / "file") != 0
    archive.accept()
    assert hand_to(archive, tmp_path / "file") == 0


def test_a_server_works_with_an_archive_in_an_odd_place(databases: Databases) -> None:
    server = plain_server(databases)
    archive = Archive(databases.directory / "it's 100% odd")
    archive.attach(server, interval_s=LONG_S)
    back_up(server, archive)
    target = databases.server("target")
    assert restore_to(archive, target, None).timeline == 2


def test_the_latest_restorable_moment_lags_by_the_interval_and_moves_on(databases: Databases) -> None:
    server = plain_server(databases)
    archive = Archive(databases.directory / "archive")
    archive.attach(server, interval_s=1)
    assert latest_restorable_at(archive) is None
    take_base_backup(server, archive, now=CLOCK.now())
    assert soon(lambda: latest_restorable_at(archive) is not None, 20)
    first_at = latest_restorable_at(archive)
    assert first_at is not None
    assert first_at < CLOCK.now()
    beat(server)
    assert soon(lambda: is_after(archive, first_at), 20)


def is_after(archive: Archive, moment: datetime) -> bool:
    latest_at = latest_restorable_at(archive)
    return latest_at is not None and latest_at > moment


def test_the_latest_restorable_moment_stands_still_while_the_archiver_fails(databases: Databases) -> None:
    server, archive = archived_server(databases)
    make_table(server)
    back_up(server, archive)
    stands_at = latest_restorable_at(archive)
    archive.refuse()
    with writing(server) as history:
        wait_for(history, 20)
        server.query("select pg_switch_wal()")
        failed = "select failed_count > 0 from pg_stat_archiver"
        assert soon(lambda: server.query(failed) == [(True,)])
        assert latest_restorable_at(archive) == stands_at
        with pytest.raises(Refused):
            restore_to(archive, databases.server("early"), CLOCK.now())
    archive.accept()
    hand_over(server, archive)
    target = databases.server("target")
    restore_to(archive, target, None)
    assert rows_in(target) == history.acknowledged()


def test_a_detached_server_goes_on_without_an_archive(databases: Databases) -> None:
    server, archive = archived_server(databases)
    hand_over(server, archive)
    detach(server)
    before = archive.sizes()
    beat(server)
    ((name,),) = server.query("select pg_walfile_name(pg_switch_wal())")
    done = server.data / "pg_wal" / "archive_status" / f"{name}.done"
    assert soon(done.exists)
    assert archive.sizes() == before


def test_old_backups_and_segments_go_and_the_rest_can_be_restored(databases: Databases) -> None:
    server, archive = archived_server(databases)
    make_table(server)
    backups = []
    with writing(server) as history:
        for _ in range(3):
            backups.append(back_up(server, archive))
            wait_for(history, 10)
    hand_over(server, archive)
    first, second, third = backups
    removed = remove_old(archive, before=second.facts.finished_at + timedelta(microseconds=1))
    assert first.directory.name in removed
    assert archive.backups() == (second, third)
    assert earliest_restorable_at(archive) == second.facts.finished_at
    assert second.facts.last_segment.name in archive.sizes()
    assert first.facts.last_segment.name not in archive.sizes()
    target = databases.server("target")
    restore_to(archive, target, third.facts.began_at)
    began_at = third.facts.began_at
    assert history.acknowledged(before=began_at) <= rows_in(target) <= history.sent(began_at)


def test_the_last_base_backup_is_kept_however_old(source: Source, databases: Databases) -> None:
    archive = linked(source.archive, databases.directory / "archive")
    assert not set(remove_old(archive, before=CLOCK.now() + timedelta(days=99))) & {
        backup.directory.name for backup in archive.backups()
    }
    restore_to(archive, databases.server("target"), None)


def test_nothing_is_removed_while_a_restore_reads(databases: Databases) -> None:
    server, archive = archived_server(databases)
    back_up(server, archive)
    back_up(server, archive)
    with kept(archive), kept(archive):
        assert remove_old(archive, before=CLOCK.now()) == ()
    assert remove_old(archive, before=CLOCK.now()) != ()


def test_a_backup_that_was_not_finished_is_none(source: Source, databases: Databases) -> None:
    archive = linked(source.archive, databases.directory / "archive")
    (archive.backups()[0].directory / "backup.json").unlink()
    assert archive.backups() == ()
    assert latest_restorable_at(archive) is None


class Link:
    """A link to another region that is cut after some files."""

    def __init__(self, files: int) -> None:
        self._left = files

    def check(self) -> None:
        """Count a file."""
        self._left -= 1
        if self._left < 0:
            msg = "the region is cut off"
            raise ConnectionError(msg)


def test_the_other_region_has_what_arrived_there_and_can_restore_it(
    databases: Databases, account: Account
) -> None:
    server, here = archived_server(databases)
    there = Archive(databases.directory / "there")
    make_table(server)
    with writing(server) as history:
        back_up(server, here)
        wait_for(history, 20)
        hand_over(server, here)
        replicate_backups(here, there, account)
        stands_at = latest_restorable_at(there)
        wait_for(history, 20)
        hand_over(server, here)
        with pytest.raises(ConnectionError):
            replicate_backups(here, there, account, before_each=Link(0).check)
    assert stands_at is not None
    assert latest_restorable_at(there) == stands_at
    assert is_after(here, stands_at)
    server.kill()
    target = databases.server("target")
    restore_to(there, target, stands_at)
    assert history.acknowledged(before=stands_at) <= rows_in(target) <= history.sent(stands_at)
    copied = replicate_backups(here, there, account)
    assert copied == tuple(sorted(copied))
    assert latest_restorable_at(there) == latest_restorable_at(here)
    assert replicate_backups(here, there, account) == ()


def test_a_base_backup_that_arrived_in_part_is_none(
    source: Source, databases: Databases, account: Account
) -> None:
    there = Archive(databases.directory / "there")
    with pytest.raises(ConnectionError):
        replicate_backups(source.archive, there, account, before_each=Link(100).check)
    assert there.backups() == ()
    replicate_backups(source.archive, there, account)
    assert latest_restorable_at(there) == latest_restorable_at(source.archive)


def test_newer_base_backups_follow(databases: Databases, account: Account) -> None:
    server, here = archived_server(databases)
    there = Archive(databases.directory / "there")
    back_up(server, here)
    second = back_up(server, here)
    replicate_backups(here, there, account)
    third = back_up(server, here)
    replicate_backups(here, there, account)
    assert [backup.facts for backup in there.backups()] == [second.facts, third.facts]
    assert second.facts.last_segment.name in there.sizes()


def test_an_archive_deep_down_is_told_before_postgresql_cuts_the_command_off() -> None:
    deep = Path("/" + "/".join(["a rather long name"] * 20))
    command = Archive(deep).command().replace("%p", f"pg_wal/{SEGMENT}").replace("%f", SEGMENT)
    assert len(command.encode()) < 1024
