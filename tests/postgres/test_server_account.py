"""The account servers run under, and what it says when a program cannot be run."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from lifeboat.core.errors import Refused
from lifeboat.postgres.account import Account
from lifeboat.postgres.failure import ServerFailed
from localcloud.postgres.processes import processes_of
from localcloud.postgres.server import Server
from tests.postgres.databases import Databases


def test_servers_are_never_root(shared_server: Server) -> None:
    """PostgreSQL refuses to be."""
    account = shared_server.account
    assert {process.uids().real for process in processes_of(shared_server.data)} == {account.uid}
    assert account.uid != 0


def test_it_gets_nothing_of_our_environment_and_groups() -> None:
    """A PGOPTIONS or a LC_ALL of the operator's would change the server."""
    account = Account.current()
    answer = account.run(["sh", "-c", "echo $HOME$PGOPTIONS $LC_ALL; id -u; id -G"], timeout_s=10)
    language, uid, groups = answer.stdout.splitlines()
    assert (language.split(), int(uid)) == (["C"], account.uid)
    if os.geteuid() == 0:
        assert groups == str(account.gid)


def test_a_server_lives_in_a_directory_that_is_closed_to_others(databases: Databases) -> None:
    """As below a home directory; without leave to pass through, the closed one is named."""
    closed = databases.directory / "closed"
    closed.mkdir(mode=0o700)
    account = Account.current()
    if account.changes and not account.passes:
        with pytest.raises(Refused, match="is closed to"):
            databases.make("closed/one")
        return
    server = databases.make("closed/one")
    server.start(timeout_s=30)
    assert server.query("select 1") == [(1,)]
    asked = [sys.executable, "-c", f"import os; assert os.access({str(server.data)!r}, os.R_OK)"]
    assert account.run([*asked], timeout_s=10).returncode == 0
    written = account.run(["touch", closed / "stray"], timeout_s=10)
    assert written.returncode == (1 if account.changes else 0)


def test_a_program_that_cannot_be_run_is_named(tmp_path: Path) -> None:
    """Whatever the reason of the system."""
    account, program = Account.current(), tmp_path / "program"
    with pytest.raises(Refused, match=f"{account.name} cannot run {program}: "):
        account.run([program], timeout_s=10)
    with pytest.raises(Refused, match="cannot run"):
        account.start([program], Path("/"), tmp_path / "log")


def test_a_program_that_does_not_end_is_ended(tmp_path: Path) -> None:
    """Nothing waits for ever."""
    with pytest.raises(ServerFailed, match=r"sleep did not end within 0\.1 s"):
        Account.current().run(["sleep", "60"], timeout_s=0.1)
