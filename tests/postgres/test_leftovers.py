"""What is ended at a start: PostgreSQL's processes of this very directory, and nothing else."""

from __future__ import annotations

import subprocess

from localcloud.postgres.leftovers import end_leftovers, leftovers_of
from tests.postgres.databases import Databases, open_directory


def test_only_the_servers_of_the_directory_are_ended(databases: Databases) -> None:
    mine = databases.make("mine")
    mine.start()
    with open_directory() as elsewhere:
        other = Databases(elsewhere, databases.template(16).directory)
        theirs = other.make("theirs")
        theirs.start()
        ended = end_leftovers(databases.directory)
        assert mine.pid not in ended or not mine.is_running
        assert leftovers_of(databases.directory) == ()
        assert theirs.is_ready()
        other.end()


def test_a_program_that_only_works_in_the_directory_is_left_alone(databases: Databases) -> None:
    databases.make("mine")
    sleeper = subprocess.Popen(["sleep", "60"], cwd=databases.directory / "mine")
    try:
        assert end_leftovers(databases.directory) == ()
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_children_of_a_killed_postmaster_are_ended_too(databases: Databases) -> None:
    server = databases.make("mine")
    server.start()
    server.kill(postmaster_only=True)
    left = leftovers_of(databases.directory)
    assert {process.pid for process in left} <= set(end_leftovers(databases.directory))
    assert leftovers_of(databases.directory) == ()
