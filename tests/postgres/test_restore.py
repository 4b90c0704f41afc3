"""Restoring to a moment: exactly what was acknowledged before it, or a refusal that says why."""

from __future__ import annotations

from localcloud.postgres.restore import restore_to
from tests.postgres.backed_up import archived_server, back_up, hand_over
from tests.postgres.databases import Databases
from tests.postgres.writing import make_table, rows_in, wait_for, writing


def test_a_moment_between_two_writes_is_restored_to_the_row(databases: Databases) -> None:
    server, archive = archived_server(databases)
    make_table(server)
    with writing(server) as history:
        wait_for(history, 50)
        back_up(server, archive)
        wait_for(history, 200)
    hand_over(server, archive)
    last = max(history.acknowledged())
    moment = history.quiet_moment(last - 50)
    target = databases.server("two")
    restored = restore_to(archive, target, moment)
    assert rows_in(target) == history.acknowledged(before=moment) == set(range(1, last - 49)), restored
