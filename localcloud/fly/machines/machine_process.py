"""One process of one machine: started in its own session, watched to its end, its whole group with it.

Its standard input is a pipe that we never write to: when we die, however that is, it closes, and an image
ends itself. A process that cannot even be started counts as one that exited with 127.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_NOT_STARTED = 127
_CHUNK = 65_536
_LAST_OUTPUT_S = 1.0
_FOR_ALL = frozenset({signal.SIGKILL, signal.SIGSTOP, signal.SIGCONT})


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class MachineProcess:
    """A process from its start to its end; `requested` tells whether we asked it to end.

    Args:
        command: what to run.
        environment: all of its environment.
        directory: where it runs.
        on_line: told every line it writes, and whether to standard error.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        directory: Path,
        on_line: Callable[[str, bool], None],
    ) -> None:
        self.port = free_port()
        self.environment = {**environment, "PORT": str(self.port)}
        self.requested = False
        self.pid = 0
        self._command = list(command)
        self._directory = directory
        self._on_line = on_line
        self._ended = False
        self._missed: list[int] = []

    async def run(self) -> int:
        """Run to the end; return the exit code, negative for a signal."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                cwd=self._directory,
                env=self.environment,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            # ValueError: a variable or an argument no process can have, such as one with a null character.
            self._ended = True
            self._on_line(f"cannot run {self._command[0]}: {error}", True)
            return _NOT_STARTED
        self.pid = process.pid
        try:
            for number in self._missed:
                self.send(number)
            return await self._watch(process)
        finally:
            self._end_group()

    def stop(self, number: int, timeout_s: float) -> None:
        """Ask the process to end, and kill it when it did not in time."""
        self.requested = True
        self.send(number)
        # A stopped (suspended) process takes no signal but SIGKILL before it continues.
        self.send(signal.SIGCONT)
        asyncio.get_running_loop().call_later(timeout_s, self.send, signal.SIGKILL)

    def send(self, number: int) -> None:
        """Send a signal, to a process still being started as soon as it is.

        The process itself gets it, as a machine's init passes it on; its whole group what ends or halts it.
        """
        if self._ended:
            return
        if not self.pid:
            self._missed.append(number)
            return
        with suppress(ProcessLookupError):
            if number in _FOR_ALL:
                os.killpg(self.pid, number)
            else:
                os.kill(self.pid, number)

    async def _watch(self, process: asyncio.subprocess.Process) -> int:
        pumps = [
            asyncio.ensure_future(self._pump(process.stdout, False)),
            asyncio.ensure_future(self._pump(process.stderr, True)),
        ]
        try:
            code = await process.wait()
            self._end_group()
            await asyncio.wait(pumps, timeout=_LAST_OUTPUT_S)
            return code
        finally:
            for pump in pumps:
                pump.cancel()
            if process.stdin is not None:
                process.stdin.close()

    async def _pump(self, stream: asyncio.StreamReader | None, is_error: bool) -> None:
        rest = b""
        while stream is not None and (chunk := await stream.read(_CHUNK)):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._on_line(line.decode(errors="replace"), is_error)
            rest = rest[-_CHUNK:]
        if rest:
            self._on_line(rest.decode(errors="replace"), is_error)

    def _end_group(self) -> None:
        if not self._ended:
            self.send(signal.SIGKILL)
        self._ended = True
