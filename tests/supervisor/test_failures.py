"""What happens when processes of the local cloud die."""

import contextlib
import signal

import psutil
import pytest

from lifeboat.core.errors import ConfigError, Stuck
from localcloud.supervisor.directory import CloudDirectory
from localcloud.supervisor.down import end_cloud
from localcloud.supervisor.record import CloudState, ServiceState
from tests.supervisor.conftest import CLOCK, bring_up, processes_of, record_of
from tests.waiting import soon


def kill(pid: int | None) -> None:
    assert pid is not None
    process = psutil.Process(pid)
    process.kill()
    with contextlib.suppress(psutil.NoSuchProcess):
        process.wait(5)


def test_killing_the_supervisor_leaves_no_child_and_their_state_is_saved(directory: CloudDirectory) -> None:
    kill(bring_up(directory).record.pid)
    assert soon(lambda: not processes_of(directory), within_s=2.0)
    assert directory.state_file("one").exists()
    assert directory.state_file("two").exists()


def test_after_a_killed_supervisor_up_starts_again_on_the_same_ports_in_another_generation(
    directory: CloudDirectory,
) -> None:
    first = bring_up(directory).record
    kill(first.pid)
    second = bring_up(directory)
    assert second.started
    assert second.record.ports() == first.ports()
    assert second.record.generation != first.generation


def test_a_killed_service_is_noticed_within_a_second_and_started_again_on_its_port(
    directory: CloudDirectory,
) -> None:
    first = bring_up(directory).record
    kill(first.services[0].pid)
    began_s = CLOCK.monotonic_s()
    assert soon(lambda: record_of(directory).services[0].state is not ServiceState.READY, within_s=1.0)
    assert CLOCK.monotonic_s() - began_s < 1.0
    assert soon(lambda: record_of(directory).services[0].state is ServiceState.READY)
    second = record_of(directory)
    assert (second.services[0].restarts, second.services[0].last_exit) == (1, -signal.SIGKILL)
    assert second.services[0].port == first.services[0].port
    assert second.services[1] == first.services[1], "its sister was left alone"
    assert second.generation != first.generation, "what it had not saved is lost, and that can be seen"


def test_a_service_that_keeps_failing_ends_the_cloud_with_its_last_words(directory: CloudDirectory) -> None:
    with pytest.raises(Stuck) as stuck:
        bring_up(directory, "CRASHING")
    message = str(stuck.value)
    assert "service 'two' failed 3 times within 30 s, the last time it ended with exit code 1" in message
    assert "this is why it ended" in message
    assert str(directory.service_log("two")) in stuck.value.hint
    assert soon(lambda: not processes_of(directory))
    assert record_of(directory).state is CloudState.FAILED


def test_a_service_that_refuses_its_input_is_not_tried_again(directory: CloudDirectory) -> None:
    with pytest.raises(ConfigError, match="service 'one' cannot start"):
        bring_up(directory, "REFUSING")
    assert directory.service_log("one").read_text().count("this is why it ended") == 1


def test_a_failed_cloud_can_be_brought_up_again(directory: CloudDirectory) -> None:
    with pytest.raises(ConfigError):
        bring_up(directory, "REFUSING")
    assert bring_up(directory).started


def test_a_service_that_ignores_its_end_is_ended_by_force(directory: CloudDirectory) -> None:
    bring_up(directory, "DEAF")
    assert end_cloud(directory)
    assert processes_of(directory) == []


def test_a_deaf_service_of_a_killed_supervisor_is_ended_before_its_successor_starts(
    directory: CloudDirectory,
) -> None:
    first = bring_up(directory, "DEAF").record
    kill(first.pid)
    second = bring_up(directory).record
    assert second.services[0].pid != first.services[0].pid
    assert len(processes_of(directory)) == 3
