"""The decisions of the supervisor that need no process: ports, logs, identities, arguments."""

from pathlib import Path

import psutil
import pytest

from lifeboat.core.errors import ConfigError
from localcloud.port_range import FIRST, LAST
from localcloud.supervisor.directory import CloudDirectory
from localcloud.supervisor.identity import ProcessIdentity
from localcloud.supervisor.logfile import TAIL_LINES, limit_log, log_tail
from localcloud.supervisor.ports import choose_port
from localcloud.supervisor.service import Ports, Service
from localcloud.supervisor.services import AWS, DATABASES, DECLARED, FLY


def test_a_remembered_port_is_kept_while_it_is_free() -> None:
    assert choose_port("aws", 23456, is_free=lambda _: True) == 23456


def test_a_first_port_is_free_and_nobody_elses() -> None:
    even = choose_port("aws", None, is_free=lambda port: port % 2 == 0)
    assert FIRST <= even <= LAST
    assert even % 2 == 0
    taken = frozenset(port for port in range(FIRST, LAST + 1) if port % 3)
    assert choose_port("aws", None, taken=taken, is_free=lambda _: True) not in taken


def test_a_machine_without_a_free_port_is_told_apart() -> None:
    with pytest.raises(ConfigError, match="no free port"):
        choose_port("aws", None, is_free=lambda _: False)


def test_a_log_past_its_limit_begins_again_and_keeps_one_older_file(tmp_path: Path) -> None:
    log = tmp_path / "aws.log"
    assert not limit_log(log, 10)
    with log.open("ab") as held_open:
        held_open.write(b"0123456789ab\n")
        held_open.flush()
        assert limit_log(log, 10)
        held_open.write(b"new\n")
    assert log.read_bytes() == b"new\n", "the writer goes on at the beginning"
    assert (tmp_path / "aws.log.1").read_bytes() == b"0123456789ab\n"


def test_the_last_words_are_the_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "aws.log"
    assert log_tail(log) == ""
    log.write_text("".join(f"line {number}\n" for number in range(5000)))
    assert log_tail(log).splitlines() == [f"line {number}" for number in range(5000 - TAIL_LINES, 5000)]


def test_a_pid_with_another_beginning_is_another_process() -> None:
    own = ProcessIdentity.own()
    assert own.is_alive()
    assert not ProcessIdentity(pid=own.pid, created_s=own.created_s - 60).is_alive()
    unused = next(pid for pid in range(2, 2**22) if not psutil.pid_exists(pid))
    assert ProcessIdentity.of(unused) is None


def test_a_declared_service_is_told_its_port_and_files() -> None:
    directory = CloudDirectory(Path("/cloud"))
    argv = declared(AWS).argv(directory, Ports(own=20123, others={DATABASES: 20125}))
    assert argv[2:] == [
        "localcloud.aws",
        "--port",
        "20123",
        "--port-file",
        "/cloud/aws.port",
        "--state-file",
        "/cloud/state/aws.state",
        "--databases",
        "http://127.0.0.1:20125",
        "--lifeline",
    ]


def test_the_databases_are_started_first_and_ended_last_and_saved_with_the_rest() -> None:
    assert [service.name for service in DECLARED] == [DATABASES, AWS, FLY]
    argv = declared(DATABASES).argv(CloudDirectory(Path("/cloud")), Ports(own=20123))
    assert argv[argv.index("--directory") + 1] == "/cloud/state/databases"


def test_a_service_with_a_door_is_told_its_port_too() -> None:
    argv = declared(FLY).argv(CloudDirectory(Path("/cloud")), Ports(own=20123, doors={"edge": 20124}))
    assert argv[argv.index("--proxy-port") + 1] == "20124"
    assert argv[argv.index("--directory") + 1] == "/cloud/state/fly"


def declared(name: str) -> Service:
    return next(service for service in DECLARED if service.name == name)


def test_a_service_can_be_told_where_another_one_answers() -> None:
    service = Service(name="aws", command=("--databases", "{databases_url}"))
    ports = Ports(own=20123, others={"aws": 20123, "databases": 20125})
    argv = service.argv(CloudDirectory(Path("/cloud")), ports)
    assert argv == ["--databases", "http://127.0.0.1:20125"]
