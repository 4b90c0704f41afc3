"""Two builds at once, killed builds, and builds that are stopped: nothing collides and nothing is left."""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from lifeboat.core.clock import SystemClock
from tests.engine.bootstrap import Machine, wait_until
from tests.engine.executables import PretendGo


class SlowBuild:
    """A machine whose build waits until the test lets it go on, and says where it is."""

    def __init__(self, tmp_path: Path) -> None:
        self.reached, self.release = tmp_path / "reached", tmp_path / "release"
        say = f'echo $$ >"{self.reached}.new"; mv "{self.reached}.new" "{self.reached}"'
        wait = f"for _ in $(seq 600); do [ -e '{self.release}' ] && break; sleep 0.1; done"
        self.go = PretendGo.put(
            tmp_path / "go",
            on_build=f"{{ {say}; {wait}; true; }}",
        )
        self.machine = Machine(directory=tmp_path, on_path=(self.go.directory,))

    def compiler(self) -> psutil.Process:
        """Return the running build, once it is there."""
        wait_until(self.reached)
        return psutil.Process(int(self.reached.read_text()))


def assert_ends(process: psutil.Process) -> None:
    """A process of a killed group ends at once; it may have to wait to be reaped by whoever inherits it."""
    clock = SystemClock()
    with suppress(psutil.NoSuchProcess):
        for _ in range(200):
            if process.status() == psutil.STATUS_ZOMBIE:
                return
            clock.sleep(0.02)
        pytest.fail(f"{process} is still running")


def test_a_second_build_waits_for_the_first_and_uses_its_result(tmp_path: Path) -> None:
    slow = SlowBuild(tmp_path)
    with slow.machine.running() as first:
        slow.compiler()
        with slow.machine.running() as second:
            assert second.stderr is not None
            assert "waiting for another process that is making the engine" in second.stderr.readline()
            slow.release.touch()
            second_output, second_errors = second.communicate(timeout=60)
        first_output = first.communicate(timeout=60)[0]
    assert (first.returncode, second.returncode) == (0, 0)
    assert first_output == second_output
    assert "downloading" not in second_errors, "it has nothing left to try"
    assert slow.go.calls("build") == 1
    assert slow.machine.entries() == {".lock", "cli", "engine", "interpreter"}


def test_a_killed_build_takes_its_compiler_along_and_is_swept_by_the_next(tmp_path: Path) -> None:
    slow = SlowBuild(tmp_path)
    with slow.machine.running() as killed:
        compiler = slow.compiler()
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    assert_ends(compiler)
    assert slow.machine.entries() == {".lock", "unfinished"}
    slow.release.touch()
    built = slow.machine.run()
    assert built.returncode == 0, built.stderr
    assert "removing what a killed build left: unfinished-" in built.stderr
    assert slow.machine.entries() == {".lock", "cli", "engine", "interpreter"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_stopped_ends_its_compiler_and_leaves_nothing(
    tmp_path: Path, number: signal.Signals
) -> None:
    slow = SlowBuild(tmp_path)
    with slow.machine.running() as stopped:
        compiler = slow.compiler()
        stopped.send_signal(number)
        output, errors = stopped.communicate(timeout=60)
    assert (stopped.returncode, output) == (130, "")
    assert "interrupted, nothing was kept" in errors
    assert "Traceback" not in errors
    assert_ends(compiler)
    assert slow.machine.entries() == {".lock"}
