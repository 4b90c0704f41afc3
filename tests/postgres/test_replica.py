"""Streaming replicas: what they have, how far behind they are, and what a promotion loses."""

from __future__ import annotations

import pytest

from lifeboat.core.errors import Refused
from lifeboat.postgres.failure import ServerFailed
from localcloud.postgres.lag import lag_s, measure_lag
from localcloud.postgres.replica import (
    cut_link,
    drop_slot,
    follow,
    pause_replay,
    promote,
    resume_replay,
    set_delay,
    start_replica,
)
from localcloud.postgres.server import Server
from tests.postgres.backed_up import CLOCK, plain_server
from tests.postgres.databases import Databases, connect
from tests.postgres.writing import make_table, rows_in, wait_for, writing
from tests.waiting import soon

SLOT = "replica_1"
ROWS = 50


@pytest.fixture
def primary(databases: Databases) -> Server:
    server = plain_server(databases, "primary")
    make_table(server)
    return server


@pytest.fixture
def replica(databases: Databases, primary: Server) -> Server:
    server = databases.server("replica")
    start_replica(primary, server, slot=SLOT)
    return server


def arrived(primary: Server, replica: Server) -> bool:
    """Tell whether everything the primary wrote has reached the replica."""
    ((lsn,),) = primary.query("select pg_current_wal_flush_lsn()::text")
    return replica.query("select pg_last_wal_receive_lsn() >= %s::pg_lsn", lsn) == [(True,)]


def slots(server: Server) -> list[str]:
    return [name for (name,) in server.query("select slot_name from pg_replication_slots")]


def test_a_replica_is_started_while_its_primary_writes(primary: Server, databases: Databases) -> None:
    replica = databases.server("replica")
    with writing(primary, clients=2) as history:
        start_replica(primary, replica, slot=SLOT)
        wait_for(history, ROWS)
    assert soon(lambda: rows_in(replica) == history.acknowledged())
    assert soon(lambda: lag_s(replica, primary) == 0.0)
    with pytest.raises(Exception, match="read-only"), connect(replica) as client:
        client.execute("insert into history values (0)")


def test_a_replica_never_replaces_data(primary: Server, replica: Server) -> None:
    replica.stop()
    with pytest.raises(Refused, match="is there already"):
        start_replica(primary, replica, slot="replica_2")
    assert slots(primary) == [SLOT]


def test_a_replica_that_could_not_be_started_leaves_nothing(primary: Server, databases: Databases) -> None:
    replica = databases.server("replica", port=primary.port)
    with pytest.raises(Refused, match="is taken"):
        start_replica(primary, replica, slot=SLOT)
    assert not replica.data.exists()
    assert slots(primary) == []
    assert not list(databases.directory.glob("replica*copy*"))


def test_a_delayed_replica_is_that_far_behind_and_loses_nothing_that_arrived(
    primary: Server, replica: Server
) -> None:
    set_delay(replica, 600)
    with writing(primary) as history:
        wait_for(history, ROWS)
    assert soon(lambda: arrived(primary, replica))
    before_s = lag_s(replica, primary)
    CLOCK.sleep(0.3)
    assert lag_s(replica, primary) >= before_s + 0.3
    assert rows_in(replica) == set()
    primary.kill()
    promote(replica)
    assert rows_in(replica) == history.acknowledged()


def test_a_short_delay_is_really_waited_for(primary: Server, replica: Server) -> None:
    set_delay(replica, 1.0)
    with writing(primary, pause_s=0.01) as history:
        assert soon(lambda: rows_in(replica) != set())
        replayed = max(rows_in(replica))
        behind_s = (CLOCK.now() - history.rows[replayed - 1].sent_at).total_seconds()
        measured_s = lag_s(replica, primary)
    assert 1.0 <= behind_s < 2.5
    assert 1.0 <= measured_s < 2.5
    set_delay(replica, 0)
    assert soon(lambda: rows_in(replica) == history.acknowledged())
    assert soon(lambda: lag_s(replica, primary) == 0.0)


def test_a_paused_replica_stands_still_and_goes_on(primary: Server, replica: Server) -> None:
    pause_replay(replica)
    with writing(primary) as history:
        wait_for(history, ROWS)
    assert rows_in(replica) == set()
    assert measure_lag(replica, primary).is_linked
    resume_replay(replica)
    assert soon(lambda: rows_in(replica) == history.acknowledged())


def test_what_a_promotion_loses_is_what_the_lag_said(primary: Server, replica: Server) -> None:
    """The link is cut while a client writes; after the primary is fenced, lag and loss are one number."""
    with writing(primary) as history:
        wait_for(history, ROWS)
        cut_link(replica)
        wait_for(history, ROWS)
    primary.kill()
    fenced_at = CLOCK.now()
    lag = measure_lag(replica, primary)
    promoted = promote(replica)
    replayed_at = promoted.replayed_at
    assert replayed_at is not None
    assert lag.replayed_at == replayed_at
    assert not lag.is_linked
    assert lag.lag_s == pytest.approx((fenced_at - replayed_at).total_seconds(), abs=0.5)
    got = rows_in(replica)
    # Exactly what was committed after the last replayed transaction is lost, and nothing from before it.
    assert history.acknowledged(before=replayed_at) <= got <= history.sent(replayed_at)
    assert len(history.acknowledged() - got) >= ROWS


def test_a_cut_replica_goes_on_where_it_was(primary: Server, replica: Server) -> None:
    with writing(primary) as history:
        wait_for(history, ROWS)
        cut_link(replica)
        assert soon(lambda: not measure_lag(replica, primary).is_linked)
        wait_for(history, ROWS)
        # Without the slot the primary would recycle these segments.
        for _ in range(4):
            primary.query("select pg_switch_wal()")
            wait_for(history, 5)
        primary.query("checkpoint")
        assert lag_s(replica, primary) > 0
        follow(replica, primary, slot=SLOT)
    assert soon(lambda: rows_in(replica) == history.acknowledged())


def test_a_promoted_replica_takes_writes_on_a_timeline_of_its_own(primary: Server, replica: Server) -> None:
    set_delay(replica, 1)
    promote(replica)
    assert replica.query("select name from pg_settings where pending_restart") == []
    with connect(replica) as client:
        client.execute("insert into history values (1)")
    with connect(primary) as client:
        client.execute("insert into history values (2)")
    replica.stop()
    replica.start()
    assert rows_in(replica) == {1}
    assert rows_in(primary) == {2}
    assert replica.query("select timeline_id from pg_control_checkpoint()") == [(2,)]
    assert replica.query("show primary_conninfo") == [("",)]
    assert replica.query("show recovery_min_apply_delay") == [("0",)]


def test_only_a_replica_is_promoted(primary: Server) -> None:
    with pytest.raises(Refused, match="no replica"):
        promote(primary)


def test_a_slot_is_dropped_while_it_is_used(primary: Server, replica: Server) -> None:
    drop_slot(primary, SLOT)
    assert slots(primary) == []
    drop_slot(primary, SLOT)
    replica.kill()


def test_a_replica_that_is_ahead_of_a_new_primary_cannot_follow_it(
    primary: Server, replica: Server, databases: Databases
) -> None:
    other = databases.server("other")
    start_replica(primary, other, slot="replica_2")
    cut_link(other)
    with writing(primary) as history:
        wait_for(history, ROWS)
    assert soon(lambda: rows_in(replica) == history.acknowledged())
    primary.kill()
    promote(other)
    with pytest.raises(ServerFailed, match="never had"):
        follow(replica, other, slot=SLOT)


def test_a_replica_follows_a_promoted_one(primary: Server, replica: Server, databases: Databases) -> None:
    other = databases.server("other")
    start_replica(primary, other, slot="replica_2")
    primary.kill()
    promote(other)
    follow(replica, other, slot=SLOT)
    with writing(other) as history:
        wait_for(history, ROWS)
    assert soon(lambda: rows_in(replica) == history.acknowledged())
