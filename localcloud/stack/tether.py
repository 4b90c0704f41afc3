"""Runs the engine so that it never outlives this process, and so that it may end what it began.

The engine is started through a shell that leaves a watcher in its process group and then becomes the
engine. The watcher holds the read end of a pipe; when this process is gone, however it ended, the pipe
closes and the watcher interrupts the engine, which finishes the operations it began, writes them down and
releases its lock. After a while it is told to stop at once, and then killed. Its own session keeps a
terminal's Ctrl-C from reaching it twice, which would leave operations that nobody knows the end of.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType, TracebackType

PATIENCE_S = 30
FORCE_S = 5
STOP_AT_ONCE, KILL = 2, 3
SIGNALS = (signal.SIGINT, signal.SIGTERM)
STDERR = 2
WORDS = b"interrupted: the engine finishes what it began (interrupt again to stop it at once)\n"

# $$ stays the engine's number after exec. The watcher ignores what the terminal or the group is told.
_SCRIPT = f"""
exec 3<&0 </dev/null
( ( trap '' HUP INT TERM
    read -r _ <&3
    for patience in {PATIENCE_S} {FORCE_S}; do
        kill -INT $$
        while kill -0 $$ && [ $patience -gt 0 ]; do sleep 1; patience=$((patience - 1)); done
    done
    kill -KILL 0 ) >/dev/null 2>&1 & )
exec 3<&-
exec "$@"
"""


class Tether:
    """One run of the engine; SIGINT and SIGTERM of this process go to it while the block lasts.

    The first lets the engine end in order, the second makes it stop at once, the third kills it; nobody has
    to ask again, because the watcher does. `interrupted` counts them.

    Args:
        command: argument list; its first item is an absolute path.
        environment: the engine's whole environment.
        directory: where it runs.
        stdout: what `subprocess` takes.
        stderr: what `subprocess` takes.
        holding: descriptors the engine holds open until it has ended.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        directory: Path,
        stdout: int | None = None,
        stderr: int | None = None,
        holding: tuple[int, ...] = (),
    ) -> None:
        self.interrupted = 0
        self._process: subprocess.Popen[str] | None = None
        # Not subprocess's own pipe: its `communicate` would close it.
        watched, lifeline = os.pipe()
        self._lifeline: int | None = lifeline
        # Before the engine is there: a signal in between is counted and passed on afterwards.
        self._before = {number: signal.signal(number, self._pass_on) for number in SIGNALS}
        try:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _SCRIPT, "tether", *command],
                stdin=watched,
                stdout=stdout,
                stderr=stderr,
                env=dict(environment),
                cwd=directory,
                start_new_session=True,
                pass_fds=holding,
                text=True,
            )
        except BaseException:
            self._restore_signals()
            self._cut()
            raise
        finally:
            os.close(watched)
        if self.interrupted:
            self._cut()

    @property
    def process(self) -> subprocess.Popen[str]:
        """Return the engine's process."""
        if self._process is None:
            msg = "the engine was not started"
            raise RuntimeError(msg)
        return self._process

    def __enter__(self) -> Tether:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process = self.process
        # A block that was left by an error: the pipe closes first, so that the engine may still end in order.
        if kind is not None:
            self._cut()
        process.wait()
        self._restore_signals()
        if self._lifeline is not None:
            # The watcher waits in the group, so its number cannot be another's yet.
            self._kill_group()
        self._cut()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()

    def _cut(self) -> None:
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None

    def _restore_signals(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _pass_on(self, _number: int, _frame: FrameType | None) -> None:
        self.interrupted += 1
        if self._process is None or self._process.poll() is not None:
            return
        if self.interrupted < STOP_AT_ONCE:
            # Not through sys.stderr: the signal may have come in the middle of a write to it.
            os.write(STDERR, WORDS)
            self._cut()
        elif self.interrupted < KILL:
            self._process.send_signal(signal.SIGINT)
        else:
            self._kill_group()

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
