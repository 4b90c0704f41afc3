"""Runs one command of a build: watched line by line, alone in its process group, never left behind."""

from __future__ import annotations

import os
import selectors
import subprocess
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.engine.language_host.lifeline import end_group, tied

_TICK_S = 1.0
_TAIL_LINES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a command ended: its exit code, what it wrote to stdout, and the last lines of its stderr."""

    exit_code: int
    output: str
    complaint: str


def run_child(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    directory: Path,
    on_line: Callable[[str], None] = lambda _line: None,
    on_tick: Callable[[], None] = lambda: None,
) -> Outcome:
    """Run a command to its end.

    Args:
        command: the argument list; its first item is an absolute path or is found on the environment's PATH.
        environment: the whole environment of the command.
        directory: where it runs.
        on_line: called with every line of stderr.
        on_tick: called at least once a second.

    Returns:
        The outcome. When this function is left by an exception instead (Ctrl-C included), the command and
        everything it started in its group has been killed.
    """
    with subprocess.Popen(
        tied(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(environment),
        cwd=directory,
        start_new_session=True,
    ) as process:
        try:
            output, complaint = _Reader(process, on_line, on_tick).read_to_end()
            exit_code = process.wait()
        finally:
            end_group(process.pid)
    return Outcome(exit_code=exit_code, output=output, complaint=complaint)


class _Reader:
    """Reads both streams of a process until they end."""

    def __init__(
        self, process: subprocess.Popen[bytes], on_line: Callable[[str], None], on_tick: Callable[[], None]
    ) -> None:
        self._on_line, self._on_tick = on_line, on_tick
        self._output = bytearray()
        self._pending = b""
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self._selector = selectors.DefaultSelector()
        for stream, take in ((process.stdout, self._output.extend), (process.stderr, self._split)):
            if stream is None:
                msg = "the process was started without pipes"
                raise ValueError(msg)
            self._selector.register(stream, selectors.EVENT_READ, take)

    def read_to_end(self) -> tuple[str, str]:
        """Return all of stdout and the last lines of stderr."""
        with self._selector:
            while self._selector.get_map():
                for key, _events in self._selector.select(timeout=_TICK_S):
                    self._read(key)
                self._on_tick()
        if self._pending:
            self._take(self._pending)
        return self._output.decode(errors="replace"), "\n".join(self._tail)

    def _read(self, key: selectors.SelectorKey) -> None:
        data = os.read(key.fd, 1 << 16)
        if data:
            key.data(data)
        else:
            self._selector.unregister(key.fileobj)

    def _split(self, data: bytes) -> None:
        *lines, self._pending = (self._pending + data).split(b"\n")
        for line in lines:
            self._take(line)

    def _take(self, line: bytes) -> None:
        text = line.decode(errors="replace")
        self._tail.append(text)
        self._on_line(text)
