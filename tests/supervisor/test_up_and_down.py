"""Starting, joining and ending the local cloud, with real processes."""

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from lifeboat.core.errors import ConfigError, Stuck
from localcloud.supervisor.directory import CloudDirectory
from localcloud.supervisor.down import end_cloud
from localcloud.supervisor.identity import ProcessIdentity
from localcloud.supervisor.probe import is_ready
from localcloud.supervisor.record import CloudState, read_record, write_record
from localcloud.supervisor.reset import reset_cloud
from localcloud.supervisor.up import hold_cloud
from tests.supervisor.conftest import CLOCK, bring_up, processes_of, record_of, starter, table
from tests.waiting import soon


@contextmanager
def listening_on(port: int) -> Iterator[None]:
    """Hold a port that a service wants."""
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        yield


def test_up_starts_every_service_and_down_ends_them_with_their_state_saved(
    directory: CloudDirectory,
) -> None:
    hold = bring_up(directory)
    ports = hold.record.ports()
    assert hold.started
    assert set(ports) == {"one", "two"}
    assert all(is_ready(port, "/_lifeboat/health") for port in ports.values())
    assert end_cloud(directory)
    assert processes_of(directory) == []
    assert record_of(directory).state is CloudState.STOPPED
    assert json.loads(directory.state_file("one").read_text()) == {"starts": 1}


def test_down_is_as_good_once_as_twice_and_on_a_cloud_that_never_was(directory: CloudDirectory) -> None:
    assert not end_cloud(directory)
    bring_up(directory)
    assert [end_cloud(directory), end_cloud(directory)] == [True, False]


def test_a_second_up_joins_the_first(directory: CloudDirectory) -> None:
    first, second = bring_up(directory), bring_up(directory)
    assert (first.started, second.started) == (True, False)
    assert first.record.pid == second.record.pid


def test_of_three_ups_at_once_one_starts_the_cloud_and_the_others_join(directory: CloudDirectory) -> None:
    ups = [starter(directory, "STEADY", "keep") for _ in range(3)]
    said = sorted(up.communicate(timeout=20)[0].split() for up in ups)
    assert [words[0] for words in said] == ["joined", "joined", "started"]
    assert len({words[1] for words in said}) == 1
    assert len(processes_of(directory)) == 3, "one supervisor, two services"


def test_ports_and_generation_survive_down_and_up(directory: CloudDirectory) -> None:
    first = bring_up(directory)
    end_cloud(directory)
    second = bring_up(directory)
    assert second.record.pid != first.record.pid
    assert second.record.ports() == first.record.ports()
    assert second.record.generation == first.record.generation


def test_a_taken_port_is_refused_with_its_owner_and_new_ports_are_the_way_out(
    directory: CloudDirectory,
) -> None:
    port = bring_up(directory).record.ports()["one"]
    end_cloud(directory)
    with listening_on(port):
        with pytest.raises(ConfigError) as refused:
            bring_up(directory)
        other = bring_up(directory, new_ports=True).record.ports()["one"]
    own = ProcessIdentity.own()
    assert f"port {port} of the local cloud's service 'one' is taken by process {own.pid}" in str(
        refused.value
    )
    assert "--new-ports" in refused.value.hint
    assert other != port


def test_a_refused_start_forgets_neither_ports_nor_state(directory: CloudDirectory) -> None:
    ports = bring_up(directory).record.ports()
    end_cloud(directory)
    with listening_on(ports["two"]), pytest.raises(ConfigError):
        bring_up(directory)
    assert bring_up(directory).record.ports() == ports


def test_a_record_of_a_dead_supervisor_is_recognised(directory: CloudDirectory) -> None:
    dead = bring_up(directory).record
    end_cloud(directory)
    write_record(directory.record, dead)
    assert bring_up(directory).started


def test_a_record_whose_pid_belongs_to_another_process_is_recognised_and_that_one_left_alone(
    directory: CloudDirectory,
) -> None:
    bring_up(directory)
    end_cloud(directory)
    own = ProcessIdentity.own()
    reused = {"pid": own.pid, "created_s": own.created_s - 3600, "state": CloudState.RUNNING}
    write_record(directory.record, record_of(directory).model_copy(update=reused))
    assert not end_cloud(directory), "the test's own process was not taken for a supervisor"
    assert bring_up(directory).started


def test_an_unreadable_record_is_as_good_as_none(directory: CloudDirectory) -> None:
    directory.root.mkdir()
    directory.record.write_text("{half")
    assert read_record(directory.record) is None
    assert bring_up(directory).started


def test_reset_moves_the_state_aside_and_begins_with_another_generation(directory: CloudDirectory) -> None:
    first = bring_up(directory).record
    aside = reset_cloud(directory, now=datetime(2026, 3, 1, 12, tzinfo=UTC))
    second = bring_up(directory).record
    assert aside == directory.saved / "20260301T120000.000000Z"
    assert sorted(path.name for path in aside.iterdir()) == ["one.state", "two.state"]
    assert second.generation != first.generation
    assert second.ports() == first.ports()


def test_resetting_what_never_ran_moves_nothing(directory: CloudDirectory) -> None:
    assert reset_cloud(directory, now=datetime(2026, 3, 1, tzinfo=UTC)) is None


def test_a_start_that_takes_too_long_is_ended_and_says_what_it_waited_for(directory: CloudDirectory) -> None:
    with (
        pytest.raises(Stuck, match=r"not ready after 1 s: one is starting"),
        hold_cloud(directory, table=table("SLOW"), timeout_s=1.0),
    ):
        raise AssertionError
    assert processes_of(directory) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_whatever_ends_the_starter_before_the_cloud_is_ready_ends_the_cloud(
    directory: CloudDirectory, number: int
) -> None:
    process = starter(directory, "SLOW")
    assert soon(lambda: len(processes_of(directory)) == 3)
    process.send_signal(number)
    process.communicate(timeout=10)
    assert soon(lambda: not processes_of(directory))


def test_an_interrupt_at_any_moment_of_a_start_leaves_nothing(directory: CloudDirectory) -> None:
    for delay_s in (0.2, 0.4, 0.6, 0.8):
        process = starter(directory, "STEADY")
        CLOCK.sleep(delay_s)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
        assert soon(lambda: not processes_of(directory)), f"interrupted after {delay_s} s"


def test_a_cloud_that_somebody_joined_outlives_its_interrupted_starter(directory: CloudDirectory) -> None:
    process = starter(directory, "STEADY")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("started")
    joined = bring_up(directory)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert bring_up(directory).record.pid == joined.record.pid
    assert record_of(directory).state is CloudState.RUNNING
