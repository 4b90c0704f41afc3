"""How the local cloud ends, in order or by `kill -9`, and what the next start finds of its databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from localcloud.commands.cloud import cloud
from localcloud.commands.setting import Setting
from localcloud.postgres.leftovers import leftovers_of
from localcloud.postgres.places import Places
from localcloud.stack.home import LocalHome
from localcloud.supervisor.record import CloudRecord, read_record
from localcloud.supervisor.services import DATABASES
from tests.postgres.databases import Databases, open_directory
from tests.stack.conftest import processes_of, run_command
from tests.stack.databases import answers, cloud_with_database, connect, described
from tests.waiting import soon


@pytest.fixture(scope="module")
def shared() -> Iterator[Setting]:
    with cloud_with_database() as setting:
        with connect(setting.home) as connection:
            connection.execute("create table kept as select 7 as answer")
        yield setting


@pytest.fixture
def setting(shared: Setting) -> Setting:
    """Return a checkout whose cloud runs with one database, which holds one row."""
    started = run_command(cloud, shared, "up")
    assert started.exit_code == 0, started.stderr
    assert soon(lambda: answers(shared.home), 30)
    return shared


@pytest.fixture
def foreign() -> Iterator[Databases]:
    """Return a place of somebody else's servers, of the same account."""
    with open_directory() as directory:
        databases = Databases(directory, directory / "templates")
        yield databases
        databases.end()


def record_of(home: LocalHome) -> CloudRecord:
    record = read_record(home.cloud.record)
    assert record is not None
    return record


def databases_pid(home: LocalHome) -> int | None:
    """Return the service's process id; None until it is started again."""
    (pid,) = (one.pid for one in record_of(home).services if one.name == DATABASES)
    return pid


def kill(*pids: int | None) -> None:
    """Kill processes and wait until they are gone."""
    killed = [psutil.Process(pid) for pid in pids if pid is not None]
    assert len(killed) == len(pids)
    for process in killed:
        process.kill()
    psutil.wait_procs(killed, timeout=10)


def data(home: LocalHome) -> Path:
    return home.cloud.data_directory(DATABASES)


def kill_everything(home: LocalHome) -> set[int]:
    """Kill the supervisor and the databases' service, and return the servers that live on."""
    kill(record_of(home).pid, databases_pid(home))
    left = {process.pid for process in leftovers_of(data(home))}
    assert left, "without its service nobody ends a server"
    return left


def rows(home: LocalHome) -> list[tuple[object, ...]]:
    with connect(home) as connection:
        return connection.execute("table kept").fetchall()


def test_down_and_up_keep_rows_ports_and_the_authority_and_leave_no_process_between(
    setting: Setting,
) -> None:
    home = setting.home
    before = described(home)
    authority = home.database_authority.read_bytes()
    assert run_command(cloud, setting, "down").exit_code == 0
    assert processes_of(home) == []
    assert not Places(data(home).resolve()).sockets.exists()
    assert run_command(cloud, setting, "up").exit_code == 0
    assert soon(lambda: answers(home), 30)
    assert rows(home) == [(7,)]
    assert described(home)["Endpoint"] == before["Endpoint"]
    assert described(home)["DbiResourceId"] == before["DbiResourceId"]
    assert home.database_authority.read_bytes() == authority


def test_after_a_killed_supervisor_and_service_the_next_start_ends_their_servers_and_no_others(
    setting: Setting, foreign: Databases
) -> None:
    home = setting.home
    theirs = foreign.make("theirs")
    theirs.start()
    port = described(home)["Endpoint"]["Port"]
    left = kill_everything(home)
    assert run_command(cloud, setting, "up").exit_code == 0
    assert left.isdisjoint(psutil.pids())
    assert theirs.is_ready()
    assert soon(lambda: answers(home), 30)
    assert rows(home) == [(7,)]
    assert described(home)["Endpoint"]["Port"] == port


def test_a_killed_supervisor_takes_its_databases_with_it(setting: Setting) -> None:
    home = setting.home
    kill(record_of(home).pid)
    assert soon(lambda: leftovers_of(data(home)) == (), 30)
    assert run_command(cloud, setting, "up").exit_code == 0
    assert rows(home) == [(7,)]


def test_a_killed_service_is_started_again_with_its_data(setting: Setting) -> None:
    home = setting.home
    before = databases_pid(home)
    left = {process.pid for process in leftovers_of(data(home))}
    kill(before)
    assert soon(lambda: databases_pid(home) not in {None, before} and answers(home), 60)
    assert left.isdisjoint(psutil.pids())
    assert rows(home) == [(7,)]


@pytest.mark.parametrize("words", [("down",), ("reset",)])
def test_the_end_of_a_cloud_that_was_killed_leaves_no_process_and_no_socket(
    setting: Setting, words: tuple[str, ...]
) -> None:
    home = setting.home
    sockets = Places(data(home).resolve()).sockets
    assert any(sockets.iterdir())
    assert not sockets.is_relative_to(home.project), "its path would be too long there"
    left = kill_everything(home)
    assert run_command(cloud, setting, *words).exit_code == 0
    assert left.isdisjoint(psutil.pids())
    assert run_command(cloud, setting, "down").exit_code == 0
    assert not sockets.exists()
    assert processes_of(home) == []
