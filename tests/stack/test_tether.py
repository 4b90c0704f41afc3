"""An engine never outlives its caller, and is always given the chance to end in order."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from lifeboat.core.clock import SystemClock
from localcloud.stack.output import lines_told
from localcloud.stack.tether import Tether
from tests.waiting import soon

# Says what it is told, and ends in order half a second after the first SIGINT.
POLITE = """
import pathlib, signal, sys, threading
note = pathlib.Path(sys.argv[1])
told = threading.Semaphore(0)
signal.signal(signal.SIGINT, lambda *_: note.write_text(note.read_text() + "told ") and told.release())
note.write_text("began ")
print("began", flush=True)
while not told.acquire(timeout=0.05):
    pass
note.write_text(note.read_text() + "ended")
print("ended", flush=True)
"""
DEAF = """
import signal, threading
signal.signal(signal.SIGINT, signal.SIG_IGN)
print("began", flush=True)
threading.Event().wait(60)
"""
CALLER = """
import sys
from pathlib import Path
from lifeboat.core.clock import SystemClock
from localcloud.stack.tether import Tether
with Tether(sys.argv[1:], environment={}, directory=Path.cwd()) as tether:
    print(tether.process.pid, flush=True)
    tether.process.wait()
"""


def engine(script: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", script, *arguments]


def tether(command: list[str]) -> Tether:
    return Tether(command, environment=os.environ, directory=Path.cwd(), stdout=subprocess.PIPE)


def test_output_exit_code_and_an_empty_stdin() -> None:
    script = "import sys; print(repr(sys.stdin.read())); print('x' * 200_000); sys.exit(7)"
    with tether(engine(script)) as run:
        output, _ = run.process.communicate()
    assert (run.process.returncode, run.interrupted) == (7, 0)
    assert output.startswith("''\n")
    assert len(output) > 200_000


def test_a_signal_is_passed_on_and_the_engine_ends_in_order(tmp_path: Path) -> None:
    note = tmp_path / "note"
    with tether(engine(POLITE, str(note))) as run:
        assert run.process.stdout is not None
        assert run.process.stdout.readline() == "began\n"
        os.kill(os.getpid(), signal.SIGINT)
        assert run.process.stdout.readline() == "ended\n"
    assert (run.process.returncode, run.interrupted) == (0, 1)
    assert note.read_text() == "began told ended"


def test_the_third_signal_kills(tmp_path: Path) -> None:
    with tether(engine(DEAF)) as run:
        assert run.process.stdout is not None
        assert run.process.stdout.readline() == "began\n"
        for _ in range(3):
            os.kill(os.getpid(), signal.SIGINT)
        run.process.wait(5)
    assert run.process.returncode == -signal.SIGKILL


def test_afterwards_signals_mean_what_they_meant_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with tether(engine("pass")):
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before


def test_a_block_left_by_an_error_ends_the_engine_in_order(tmp_path: Path) -> None:
    note = tmp_path / "note"
    with contextlib.suppress(KeyError), tether(engine(POLITE, str(note))) as run:
        assert run.process.stdout is not None
        run.process.stdout.readline()
        raise KeyError
    assert note.read_text() == "began told ended"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_an_engine_whose_caller_dies_ends_in_order(tmp_path: Path, number: int) -> None:
    note = tmp_path / "note"
    caller = subprocess.Popen(engine(CALLER, *engine(POLITE, str(note))), stdout=subprocess.PIPE, text=True)
    assert caller.stdout is not None
    pid = int(caller.stdout.readline())
    assert soon(lambda: note.exists() and note.read_text() == "began ")
    caller.send_signal(number)
    assert soon(lambda: note.read_text() == "began told ended")
    assert soon(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    caller.communicate(timeout=10)


def test_a_program_that_cannot_be_started_leaves_the_signals_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(FileNotFoundError):
        Tether(["/bin/true"], environment={}, directory=Path("/does/not/exist"))
    assert signal.getsignal(signal.SIGINT) == before


def test_every_line_is_read_and_a_stranger_that_holds_the_file_is_not_waited_for(tmp_path: Path) -> None:
    script = (
        "import subprocess; print('x' * 200_000); print('last', end=''); subprocess.Popen(['sleep', '20'])"
    )
    began_s = SystemClock().monotonic_s()
    with (
        (tmp_path / "told").open("w+b") as told,
        Tether(engine(script), environment=os.environ, directory=tmp_path, stdout=told.fileno()) as run,
    ):
        lines = list(lines_told(told.fileno(), run.process))
    assert lines == ["x" * 200_000, "last"]
    assert SystemClock().monotonic_s() - began_s < 10
