"""Restoring to a moment: exactly what was acknowledged before it, or a refusal that says why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from lifeboat.core.errors import Refused
from localcloud.postgres.archive import Archive
from localcloud.postgres.restore import restore_to
from localcloud.postgres.server import Server
from localcloud.postgres.window import earliest_restorable_at, latest_restorable_at
from tests.postgres.backed_up import CLOCK, LONG_S, Source, archived_server, back_up, hand_over, open_source
from tests.postgres.databases import Databases, connect
from tests.postgres.writing import History, make_table, rows_in, wait_for, writing


@pytest.fixture(scope="module")
def source(templates: Path) -> Iterator[Source]:
    with open_source(templates) as source:
        yield source


@pytest.fixture
def target(databases: Databases) -> Server:
    return databases.server("target")


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_exactly_the_rows_acknowledged_before_a_moment_come_back(
    source: Source, target: Server, share: float
) -> None:
    moment = source.moment(share)
    restored = restore_to(source.archive, target, moment)
    assert rows_in(target) == source.history.acknowledged(before=moment) == source.history.sent(moment)
    assert restored.ended.startswith("before ")


def test_the_latest_is_everything_the_archive_has(source: Source, target: Server) -> None:
    restore_to(source.archive, target, None)
    assert rows_in(target) == source.history.acknowledged()


def test_the_latest_restorable_moment_can_be_restored(source: Source, target: Server) -> None:
    latest_at = latest_restorable_at(source.archive)
    assert latest_at is not None
    restore_to(source.archive, target, latest_at)
    assert rows_in(target) == source.history.acknowledged(before=latest_at)


def test_the_earliest_restorable_moment_can_be_restored(source: Source, target: Server) -> None:
    earliest_at = earliest_restorable_at(source.archive)
    assert earliest_at is not None
    restore_to(source.archive, target, earliest_at)
    got = rows_in(target)
    assert source.history.acknowledged(before=earliest_at) <= got <= source.history.sent(earliest_at)


def test_a_restored_server_takes_writes_and_does_not_recover_again(source: Source, target: Server) -> None:
    restore_to(source.archive, target, source.moment(0.5))
    kept = rows_in(target)
    assert target.query("select name from pg_settings where pending_restart") == []
    with connect(target) as client:
        client.execute("insert into history values (0)")
    target.stop()
    target.start()
    assert rows_in(target) == kept | {0}
    left = "select name from pg_settings where sourcefile like '%%80-recovery%%'"
    assert target.query(left) == []
    assert target.query("show fsync") == [("on",)]


@pytest.mark.fault("F14")
def test_a_restored_server_hands_nothing_over_to_the_archive_it_came_from(
    source: Source, target: Server
) -> None:
    before = source.archive.sizes()
    restore_to(source.archive, target, source.moment(0.5))
    target.query("select pg_current_xact_id()")
    target.query("select pg_switch_wal()")
    target.stop()
    assert source.archive.sizes() == before


def test_a_restore_goes_on_while_the_source_writes(databases: Databases, target: Server) -> None:
    server, archive = archived_server(databases)
    make_table(server)
    with writing(server, clients=2) as history:
        back_up(server, archive)
        wait_for(history, 100)
        moment = CLOCK.now()
        hand_over(server, archive)
        restore_to(archive, target, moment)
        wait_for(history, 10)
    assert history.acknowledged(before=moment) <= rows_in(target) <= history.sent(moment)


@pytest.mark.parametrize("earlier_s", [0.001, 3600])
def test_a_moment_before_the_first_base_backup_is_refused(
    source: Source, target: Server, earlier_s: float
) -> None:
    """The trap: PostgreSQL would end at the first transaction it can, with data newer than asked for."""
    earliest_at = source.archive.backups()[0].facts.finished_at
    with pytest.raises(Refused) as refused:
        restore_to(source.archive, target, earliest_at - timedelta(seconds=earlier_s))
    assert str(earliest_at) in refused.value.hint
    assert not target.data.exists()


@pytest.mark.parametrize("later_s", [0.001, 3600])
def test_a_moment_after_the_latest_restorable_one_is_refused(
    source: Source, target: Server, later_s: float
) -> None:
    """The trap: PostgreSQL would start, take readers, and only then die."""
    latest_at = latest_restorable_at(source.archive)
    assert latest_at is not None
    with pytest.raises(Refused) as refused:
        restore_to(source.archive, target, latest_at + timedelta(seconds=later_s))
    assert str(latest_at) in refused.value.hint
    assert not target.data.exists()


def test_an_archive_without_a_base_backup_is_refused(databases: Databases, target: Server) -> None:
    _, archive = archived_server(databases)
    with pytest.raises(Refused, match="no base backup"):
        restore_to(archive, target, None)


def test_data_that_are_there_are_never_restored_over(source: Source) -> None:
    with pytest.raises(Refused, match="is there already"):
        restore_to(source.archive, source.server, None)
    assert rows_in(source.server) == source.history.acknowledged()


def test_a_restored_server_has_its_own_archive_and_can_be_restored_from_it(
    source: Source, target: Server, databases: Databases
) -> None:
    restore_to(source.archive, target, source.moment(0.5))
    kept = rows_in(target)
    own = Archive(databases.directory / "target-archive")
    own.attach(target, interval_s=LONG_S)
    back_up(target, own)
    with connect(target) as client:
        client.execute("insert into history values (0)")
    moment = CLOCK.now()
    hand_over(target, own)
    again = databases.server("again")
    restored = restore_to(own, again, moment)
    assert rows_in(again) == kept | {0}
    assert restored.timeline == 3


def test_a_server_that_was_given_more_connections_since_its_backup_is_restored(
    databases: Databases, target: Server
) -> None:
    """The trap: a recovery that takes readers stands still at the first record of the larger setting."""
    server, archive = archived_server(databases)
    make_table(server)
    back_up(server, archive)
    server.stop()
    (server.data / "conf.d" / "60-larger.conf").write_text("max_connections = 150\n")
    server.account.own(server.data / "conf.d")
    server.start()
    with writing(server) as history:
        wait_for(history, 20)
    hand_over(server, archive)
    restore_to(archive, target, None, timeout_s=20)
    assert rows_in(target) == history.acknowledged()


def test_the_history_knows_moments_at_which_nothing_is_under_way() -> None:
    history = History()
    first = history.send()
    history.acknowledge(first)
    before = CLOCK.now()
    CLOCK.sleep(0.001)
    history.send()
    (moment,) = history.quiet_moments()
    assert history.acknowledged(before=moment) == history.sent(moment) == {first}
    assert moment < CLOCK.now()
    assert history.sent(before) == {first}
