"""The hidden standby of a Multi-AZ instance: a failover loses no acknowledged write, or there is none."""

from __future__ import annotations

from datetime import datetime

import psycopg
import pytest

from lifeboat.core.errors import Refused
from lifeboat.postgres.failure import ServerFailed
from localcloud.postgres.processes import processes_of
from localcloud.postgres.restore import restore_to
from localcloud.postgres.standby import (
    fail_over,
    go_on_alone,
    has_everything,
    start_standby,
    tend,
    wait_for_standby,
)
from tests.postgres.backed_up import CLOCK, LONG_S, archived_server, back_up, hand_over
from tests.postgres.databases import Databases, connect
from tests.postgres.writing import History, make_table, rows_in, wait_for, writing
from tests.waiting import soon

ROWS = 50


class Pair:
    """An instance with its archive and standby."""

    def __init__(self, databases: Databases) -> None:
        self.primary, self.archive = archived_server(databases, "first")
        make_table(self.primary)
        self.standby = databases.server("second")
        start_standby(self.primary, self.standby, self.archive, interval_s=LONG_S)

    def fail_over(self) -> None:
        """Let the standby take over, and make a new one of what is left of the old primary."""
        fail_over(self.primary, self.standby)
        self.primary, self.standby = self.standby, self.primary

    def replace_standby(self) -> None:
        """Make the standby anew."""
        start_standby(self.primary, self.standby, self.archive, interval_s=LONG_S)


@pytest.fixture
def pair(databases: Databases) -> Pair:
    return Pair(databases)


def test_a_failover_loses_no_acknowledged_write(pair: Pair) -> None:
    with writing(pair.primary, clients=3) as history:
        wait_for(history, ROWS)
        pair.fail_over()
    got = rows_in(pair.primary)
    assert history.acknowledged() <= got <= {row.id for row in history.rows}
    with connect(pair.primary) as client:
        client.execute("insert into history values (0)")


def test_a_failover_after_a_crash_loses_no_acknowledged_write(pair: Pair) -> None:
    with writing(pair.primary, clients=3) as history:
        wait_for(history, ROWS)
        pair.primary.kill()
    pair.fail_over()
    assert history.acknowledged() <= rows_in(pair.primary)


def test_a_failover_after_only_the_postmaster_died_loses_no_acknowledged_write(pair: Pair) -> None:
    """The trap: its children go on serving, and acknowledge what nobody else has."""
    old = pair.primary
    with writing(old, clients=3, pause_s=0) as history:
        wait_for(history, ROWS)
        old.kill(postmaster_only=True)
        pair.fail_over()
        assert processes_of(old.data) == ()
    assert history.acknowledged() <= rows_in(pair.primary)


def test_the_old_primary_becomes_the_new_standby_and_can_take_over_again(pair: Pair) -> None:
    history = History()
    for _ in range(2):
        with writing(pair.primary, history=history):
            wait_for(history, ROWS)
            pair.fail_over()
        assert not has_everything(pair.standby)
        pair.replace_standby()
        assert has_everything(pair.standby)
    assert history.acknowledged() <= rows_in(pair.primary)
    assert soon(lambda: rows_in(pair.standby) == rows_in(pair.primary))


def test_an_acknowledgement_waits_for_the_standby(pair: Pair) -> None:
    with writing(pair.primary) as history:
        wait_for(history, ROWS)
        pair.standby.freeze()
        CLOCK.sleep(0.2)
        before = len(history.acknowledged())
        CLOCK.sleep(0.5)
        assert len(history.acknowledged()) <= before + 1
        pair.standby.thaw()
        wait_for(history, ROWS)


def test_without_its_standby_a_primary_goes_on_and_there_is_no_failover(pair: Pair) -> None:
    assert tend(pair.primary, pair.standby)
    with writing(pair.primary) as history:
        pair.standby.kill()
        assert soon(lambda: not tend(pair.primary, pair.standby))
        wait_for(history, ROWS)
        with pytest.raises(Refused, match="may lack acknowledged writes"):
            fail_over(pair.primary, pair.standby)
        wait_for(history, ROWS)
        pair.standby.start()
        assert soon(lambda: tend(pair.primary, pair.standby))
        assert has_everything(pair.standby)
        pair.fail_over()
    assert history.acknowledged() <= rows_in(pair.primary)


def test_the_mark_goes_before_the_primary_stops_waiting(pair: Pair) -> None:
    """Also when the primary is dead already: nobody can then tell what it acknowledged on its own."""
    pair.primary.kill()
    with pytest.raises(psycopg.OperationalError):
        go_on_alone(pair.primary, pair.standby)
    assert not has_everything(pair.standby)
    with pytest.raises(Refused):
        fail_over(pair.primary, pair.standby)


def test_a_standby_that_cannot_catch_up_is_not_waited_for(pair: Pair) -> None:
    go_on_alone(pair.primary, pair.standby)
    pair.standby.kill()
    with pytest.raises(ServerFailed, match="did not catch up"):
        wait_for_standby(pair.primary, pair.standby, timeout_s=0.5)
    assert not has_everything(pair.standby)
    with connect(pair.primary) as client:
        client.execute("insert into history values (1)")


def test_backups_go_on_over_a_failover(pair: Pair, databases: Databases) -> None:
    """One base backup, two timelines: moments on both sides of the failover can be restored."""
    history = History()
    with writing(pair.primary, history=history):
        back_up(pair.primary, pair.archive)
        wait_for(history, ROWS)
        hand_over(pair.primary, pair.archive)
        pair.fail_over()
    with writing(pair.primary, history=history):
        wait_for(history, ROWS)
        hand_over(pair.primary, pair.archive)
        wait_for(history, ROWS)
    hand_over(pair.primary, pair.archive)
    assert rows_in(pair.primary) >= history.acknowledged()
    for name, moment in (("before", moments(pair, history)[0]), ("after", moments(pair, history)[-1])):
        target = databases.server(name)
        restore_to(pair.archive, target, moment)
        assert history.acknowledged(before=moment) <= rows_in(target) <= history.sent(moment)
        target.kill()


def moments(pair: Pair, history: History) -> list[datetime]:
    earliest_at = pair.archive.backups()[0].facts.finished_at
    return [row.sent_at for row in history.rows if row.sent_at > earliest_at]


def test_what_the_primary_had_not_handed_over_the_standby_does(pair: Pair, databases: Databases) -> None:
    """The trap: a primary that dies with its archiver behind leaves a hole in the log for ever."""
    with writing(pair.primary) as history:
        back_up(pair.primary, pair.archive)
        pair.archive.refuse()
        wait_for(history, ROWS)
        ((name,),) = pair.primary.query("select pg_walfile_name(pg_switch_wal())")
        wait_for(history, ROWS)
    pair.fail_over()
    assert name not in pair.archive.sizes()
    pair.archive.accept()
    hand_over(pair.primary, pair.archive)
    assert name in pair.archive.sizes()
    target = databases.server("target")
    restore_to(pair.archive, target, None)
    assert rows_in(target) >= history.acknowledged()


def test_a_server_that_was_failed_over_from_brings_nothing_of_its_own_back(pair: Pair) -> None:
    """The trap: rewinding it. It is thrown away with what it wrote alone, and made anew."""
    old = pair.primary
    pair.fail_over()
    old.start()
    go_on_alone(old, pair.standby)
    with connect(old) as client:
        client.execute("insert into history values (1)")
    with connect(pair.primary) as client:
        client.execute("insert into history values (2)")
    pair.replace_standby()
    assert soon(lambda: rows_in(pair.standby) == {2})
    assert has_everything(pair.standby)
