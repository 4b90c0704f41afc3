"""The running side of a machine, as the API, the proxy and the life cycle see it.

`ProcessRunner` (process_runner.py) implements it with real processes; a fleet's light machines have none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from localcloud.fly.model import Machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """How a process ended: its exit code, or the signal that ended it; `requested` when we asked for it."""

    machine_id: str
    exit_code: int
    signal: int
    oom_killed: bool
    requested: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A line a process wrote; `is_error` when to standard error."""

    machine_id: str
    line: str
    is_error: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecResult:
    """What a command run inside a machine wrote and how it ended."""

    exit_code: int
    exit_signal: int
    stdout: str
    stderr: str


class Runner(Protocol):
    """Starts and ends the processes of machines; every method but `exec` and `close` returns at once."""

    def start(self, machine: Machine, environment: Mapping[str, str]) -> None:
        """Start the machine's image as a process, in its root directory as it lies there."""
        ...

    def stop(self, machine_id: str, *, signal: int, timeout_s: float) -> None:
        """Ask the process to end, and kill it after `timeout_s`; the exit is reported when it happened."""
        ...

    def signal(self, machine_id: str, number: int) -> None:
        """Send a signal."""
        ...

    def is_running(self, machine_id: str) -> bool:
        """Tell whether a process is there."""
        ...

    def address_of(self, machine_id: str, internal_port: int) -> tuple[str, int] | None:
        """Return where a port of the machine is reached on this host; None when it is not running."""
        ...

    async def exec(self, machine: Machine, command: list[str], *, stdin: str, timeout_s: float) -> ExecResult:
        """Run a command in the machine's surroundings.

        Raises:
            TimeoutError: it took longer than `timeout_s` and was ended.
        """
        ...

    def on_exit(self, call: Callable[[Exit], None]) -> None:
        """Name who is told about every exit."""
        ...

    def on_output(self, call: Callable[[Output], None]) -> None:
        """Name who is told every line that a process writes."""
        ...

    def pids(self) -> dict[str, int]:
        """Return the running processes by machine id."""
        ...

    async def close(self) -> None:
        """End every process and report no exit any more."""
        ...
