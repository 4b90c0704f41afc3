"""The databases of `make up`, as a person meets them: with what the stack says, and after every kind of end.

One environment for the whole file: the tests run in order, each leaving the cloud running.
"""

from __future__ import annotations

import signal

import psycopg
import pytest

from tests.integration.database_view import STACK, connection, write, written
from tests.integration.project import Project
from tests.waiting import living_at, processes_at, soon

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def url(project: Project) -> str:
    """Bring the environment up and return the app's address."""
    (address,) = project.up("local")["apps"].values()
    return str(address)


def test_the_app_writes_to_the_database_that_the_stack_names(project: Project, url: str) -> None:
    assert write(url) in written(project)


def test_the_replica_in_the_other_region_has_it_too(project: Project, url: str) -> None:
    row = write(url)
    assert soon(lambda: row in written(project, "replica"), 30)


def test_plain_text_is_refused(project: Project, url: str) -> None:
    assert url
    with (
        pytest.raises(psycopg.OperationalError, match="no encryption"),
        connection(project, sslmode="disable"),
    ):
        pass


def test_data_and_addresses_survive_a_break(project: Project, url: str) -> None:
    before, row = project.contract(STACK)["databases"], write(url)
    project.succeed("down")
    assert processes_at(str(project.directory)) == []
    again = project.up("local")
    assert {again[what] for what in ("created", "updated", "replaced", "deleted")} == {0}
    assert list(again["apps"].values()) == [url]
    assert project.contract(STACK)["databases"] == before
    assert row in written(project)
    assert write(url) in written(project)


def test_after_a_kill_of_the_whole_cloud_nothing_acknowledged_is_lost(project: Project, url: str) -> None:
    """Everything of it at once, as a machine that loses power; PostgreSQL's processes too."""
    rows = {write(url) for _ in range(5)}
    everyone = living_at(str(project.directory))
    for number in (signal.SIGSTOP, signal.SIGKILL):
        # Stopped first: one that still runs would start another one again.
        for process in everyone:
            process.send_signal(number)
    assert soon(lambda: processes_at(str(project.directory)) == [], 30)
    project.up("local")
    assert rows <= written(project)
    assert write(url) in written(project)
