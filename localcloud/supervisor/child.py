"""One running process of the local cloud, tied to this process by a lifeline.

The lifeline is the child's standard input: a pipe that is never written to. When the supervisor ends, however
it ends, the pipe closes and the child ends itself after saving. The child leads a session of its own, so
Ctrl-C in a terminal does not reach it and everything it starts can be ended with it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from pathlib import Path

from localcloud.supervisor.identity import ProcessIdentity


class Child:
    """A process that was started and not yet seen to end.

    Args:
        argv: argument list.
        log: file its output is appended to.

    Raises:
        OSError: the program cannot be started.
    """

    def __init__(self, argv: list[str], log: Path) -> None:
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                argv,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.identity = ProcessIdentity.of(self._process.pid)
        self._released = False

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """Return how it ended (negative: the signal), None while it runs; what it left is ended too."""
        code = self._process.poll()
        if code is not None:
            self._release()
        return code

    def ask_to_stop(self) -> None:
        """Ask it to save and end."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def stop(self, timeout_s: float) -> int:
        """Wait for an end that was asked for, force it after `timeout_s`, and return how it ended."""
        try:
            code = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._kill_group()
            code = self._process.wait()
        self._release()
        return code

    def _release(self) -> None:
        # Once only: after it was reaped, the number may belong to somebody else's group.
        if self._released:
            return
        self._released = True
        self._kill_group()
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _kill_group(self) -> None:
        # macOS says "not permitted" for a group whose members are all gone.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
