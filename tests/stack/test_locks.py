"""Who holds a stack: one of our commands, or an engine that may long be dead."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lifeboat.core.clock import SystemClock
from lifeboat.core.errors import LeaseHeld
from localcloud.stack.engine import Engine
from localcloud.stack.engine_lock import (
    EngineLock,
    Holder,
    holder_of,
    process_began_at,
    read_locks,
    this_host,
)
from localcloud.stack.heal import release_dead_locks
from localcloud.stack.home import LocalHome
from localcloud.stack.work_lock import working_on

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LOCK = EngineLock(pid=4711, username="ann", hostname="laptop", timestamp=NOW)


@pytest.mark.parametrize(
    ("host", "began_at", "holder"),
    [
        ("laptop", NOW - timedelta(seconds=5), Holder.ALIVE),
        ("laptop", None, Holder.DEAD),
        ("laptop", NOW + timedelta(minutes=5), Holder.DEAD),
        ("another", NOW - timedelta(seconds=5), Holder.ELSEWHERE),
    ],
)
def test_a_lock_is_judged_by_host_process_and_moment(
    host: str, began_at: datetime | None, holder: Holder
) -> None:
    assert holder_of(LOCK, host=host, began_at=lambda _: began_at) is holder


def test_locks_are_read_as_the_engine_writes_them(tmp_path: Path) -> None:
    text = '{"pid":4711,"username":"ann","hostname":"laptop","timestamp":"2026-03-01T12:00:00.123456789Z"}'
    (tmp_path / "a.json").write_text(text)
    (tmp_path / "b.json").write_text("{half")
    first, second = read_locks(tmp_path)
    assert first is not None
    assert (first.pid, first.timestamp) == (4711, NOW.replace(microsecond=123456))
    assert second is None
    assert read_locks(tmp_path / "none") == ()


def test_the_beginning_of_a_process_is_known_while_it_lives() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    moment = process_began_at(child.pid)
    child.communicate(b"\n")
    assert moment is not None
    assert abs(moment - SystemClock().now()) < timedelta(minutes=1)
    assert process_began_at(child.pid) is None


def test_a_second_command_on_a_stack_is_told_who_holds_it_since_when(home: LocalHome) -> None:
    with (
        working_on("local", home, command="up", now=NOW),
        pytest.raises(LeaseHeld) as held,
        working_on("local", home, command="up", now=NOW),
    ):
        raise AssertionError
    assert held.value.exit_code == 7
    assert held.value.message == (
        f"stack 'local' is held by process {os.getpid()} (`lifeboat up`) since 2026-03-01 12:00:00 UTC"
    )


def test_another_stack_is_free_and_so_is_this_one_afterwards(home: LocalHome) -> None:
    with working_on("local", home, command="up", now=NOW), working_on("local-x", home, command="up", now=NOW):
        pass
    with working_on("local", home, command="up", now=NOW):
        pass


def test_a_holder_that_was_killed_holds_nothing(home: LocalHome) -> None:
    script = (
        "import os, sys; from datetime import *; from pathlib import Path\n"
        "from localcloud.stack.home import LocalHome; from localcloud.stack.work_lock import working_on\n"
        "with working_on('local', LocalHome(Path(sys.argv[1])), command='up', now=datetime.now(UTC)):\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(home.project)], check=False)
    assert killed.returncode == -9
    with working_on("local", home, command="up", now=NOW):
        pass


def test_a_living_engine_of_another_shell_is_not_disturbed(home: LocalHome) -> None:
    path = home.engine_locks("local") / "a-run.json"
    path.parent.mkdir(parents=True)
    own = LOCK.model_copy(
        update={"pid": os.getpid(), "hostname": this_host(), "timestamp": SystemClock().now()}
    )
    path.write_text(own.model_dump_json())
    engine = Engine(stack="local", directory=home.project, project=home.project, environment={})
    with pytest.raises(LeaseHeld) as held:
        release_dead_locks(engine, home, pytest.fail)
    assert held.value.message.startswith(
        f"stack 'local' is held by a running engine: process {os.getpid()} of ann since 20"
    )
    assert path.exists()


def test_a_lock_of_another_host_is_left_to_the_operator(home: LocalHome) -> None:
    path = home.engine_locks("local") / "a-run.json"
    path.parent.mkdir(parents=True)
    path.write_text(LOCK.model_dump_json())
    engine = Engine(stack="local", directory=home.project, project=home.project, environment={})
    with pytest.raises(LeaseHeld, match="on host 'laptop'") as held:
        release_dead_locks(engine, home, pytest.fail)
    assert "pulumi cancel --yes" in held.value.hint
