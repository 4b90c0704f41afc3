"""Pairs as the service keeps them: what is written down, and what a start makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from lifeboat.core.clock import SystemClock
from lifeboat.core.errors import Refused
from lifeboat.postgres.account import Account
from localcloud.postgres.backups import Backups
from localcloud.postgres.cloud_time import CloudTime
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.pairs import Pairs
from localcloud.postgres.places import Places
from localcloud.postgres.private_port import private_port
from localcloud.postgres.records import InstanceRecord, Phase, RecordFile
from localcloud.postgres.server import Server
from localcloud.postgres.servers import Servers
from localcloud.postgres.wire import Facts, Origin
from localcloud.postgres.workshop import Workshop
from tests.postgres.databases import open_directory
from tests.postgres.writing import make_table, rows_in, wait_for, writing

ID = "db-PAIR"


class Home:
    """What of the service a pair needs, and one Multi-AZ instance in it."""

    def __init__(self, directory: Path) -> None:
        places, account = Places(directory), Account.current()
        self.ledger = Ledger(RecordFile(directory / "state.json"))
        backups = Backups(places, CloudTime(self.ledger, SystemClock()), interval_s=3600)
        workshop = Workshop(places, account, self.ledger, backups)
        self.servers = Servers(self.ledger, workshop)
        self.pairs = Pairs(self.ledger, self.servers, backups)
        self.ledger.put(RECORD.model_copy(update={"server_port": private_port(frozenset())}))
        workshop.make(self.record, self.server, FACTS)
        make_table(self.server)

    @property
    def record(self) -> InstanceRecord:
        """What is written down of the instance."""
        return self.servers.record(ID)

    @property
    def server(self) -> Server:
        """The server that serves."""
        return self.servers.of(ID)

    def end(self) -> None:
        """End every server."""
        for server in self.servers.all():
            server.kill()


FACTS = Facts(
    resource_id=ID,
    region="us-west-2",
    identifier="pair",
    engine="postgres",
    engine_version="16",
    db_name="shop",
    master_username="captain",
    master_password=SecretStr("Ahoy-there-1"),
    storage_gib=20,
    backup_retention_days=0,
    parameters={},
    source_resource_id=None,
    multi_az=True,
)
RECORD = InstanceRecord(
    resource_id=ID,
    region="us-west-2",
    identifier="pair",
    major=16,
    server_port=0,
    password_print="",
    storage_gib=20,
    backup_retention_days=0,
    parameters={},
    origin=Origin(),
    source_resource_id=None,
    phase=Phase.MADE,
    multi_az=True,
)


@pytest.fixture
def home() -> Iterator[Home]:
    with open_directory() as directory:
        home = Home(directory)
        yield home
        home.end()


def test_a_failover_that_was_cut_short_is_finished_by_the_next_start(home: Home) -> None:
    """The trap: starting the old primary again, which by then is behind what clients may have been told."""
    home.pairs.settle(ID)
    old, standby = home.servers.both(ID)
    with writing(old) as history:
        wait_for(history, 20)
        standby.freeze()
        with pytest.raises(psycopg.OperationalError):
            home.pairs.fail_over(home.record)
    standby.thaw()
    assert home.server is standby
    home.server.start()
    home.pairs.start(home.record)
    assert history.acknowledged() <= rows_in(home.server)
    assert home.server.query("select pg_is_in_recovery()") == [(False,)]
    assert not old.is_running
    assert home.record.failovers == 1


def test_a_pair_that_is_not_one_yet_refuses_a_failover_and_goes_on(home: Home) -> None:
    with pytest.raises(Refused, match="cannot take over"):
        home.pairs.fail_over(home.record)
    assert home.server.is_ready()
    assert home.pairs.is_unsettled(home.record)
    home.pairs.settle(ID)
    assert not home.pairs.is_unsettled(home.record)
    assert home.pairs.can_take_over(home.record)


def test_a_standby_that_cannot_be_made_leaves_the_primary_serving_and_says_why(home: Home) -> None:
    slots = "select pg_create_physical_replication_slot('taken_' || n) from generate_series(1, 10) n"
    home.server.query(slots)
    home.pairs.settle(ID)
    assert "replication slots" in home.record.reason
    with writing(home.server) as history:
        wait_for(history, 5)
    home.server.query("select pg_drop_replication_slot('taken_1')")
    home.server.query("select pg_drop_replication_slot('taken_2')")
    home.pairs.settle(ID)
    assert home.record.reason == ""
    assert home.pairs.can_take_over(home.record)
