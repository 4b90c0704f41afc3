"""Damage that nothing announces is found by whoever reads: a page by a query, a lost segment by a restore."""

from __future__ import annotations

import psycopg
import pytest

from lifeboat.core.errors import Refused
from localcloud.postgres.damage import corrupt_page, drop_segment
from localcloud.postgres.restore import restore_to
from localcloud.postgres.server import Server
from localcloud.postgres.window import latest_restorable_at
from tests.postgres.backed_up import CLOCK, archived_server, back_up, hand_over
from tests.postgres.databases import Databases, connect


def fill(server: Server, name: str, rows: int) -> None:
    with connect(server) as connection:
        connection.execute(f"create table {name} as select generate_series(1, {rows}) as id".encode())


def count(server: Server, name: str) -> int:
    with connect(server) as connection:
        return len(connection.execute(f"table {name}".encode()).fetchall())


def test_a_corrupt_page_is_reported_by_whoever_reads_it_and_by_nobody_before(server: Server) -> None:
    fill(server, "small", 3)
    fill(server, '"The Large"', 3000)
    assert corrupt_page(server) == 'page 0 of public."The Large" in database shop'
    assert server.is_ready()
    assert count(server, "small") == 3
    with pytest.raises(psycopg.DatabaseError, match="invalid page in block 0"):
        count(server, '"The Large"')


def test_without_a_row_there_is_no_page_to_corrupt_and_the_server_is_left_alone(server: Server) -> None:
    before = server.pid
    with pytest.raises(Refused, match="no page to corrupt"):
        corrupt_page(server)
    assert server.pid == before


def test_a_lost_segment_ends_what_can_be_restored_and_a_restore_beyond_it_fails(
    databases: Databases,
) -> None:
    server, archive = archived_server(databases)
    back_up(server, archive)
    fill(server, "kept", 3)
    hand_over(server, archive)
    fill(server, "lost", 3)
    moment = CLOCK.now()
    hand_over(server, archive)
    hand_over(server, archive)
    latest_at = latest_restorable_at(archive)
    assert latest_at is not None
    assert latest_at > moment
    names = set(archive.sizes())
    (gone,) = drop_segment(archive, server).split()[1:]
    assert names - set(archive.sizes()) == {gone}
    fallen_at = latest_restorable_at(archive)
    assert fallen_at is not None
    assert fallen_at < latest_at
    for target in (latest_at, None):
        with pytest.raises(Refused, match="cannot be restored") as caught:
            restore_to(archive, databases.server("restored"), target)
        assert f"{gone} is missing" in caught.value.hint
    assert not databases.server("restored").data.exists()


def test_a_young_archive_is_given_the_segments_that_a_hole_needs(databases: Databases) -> None:
    server, archive = archived_server(databases)
    with pytest.raises(Refused, match="no base backup yet"):
        drop_segment(archive, server)
    back_up(server, archive)
    gone = drop_segment(archive, server).split()[1]
    assert max(archive.sizes()) > gone > archive.backups()[-1].facts.last_segment.name
