"""A runner of machines without processes: it notes what was asked and exits when told to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from localcloud.fly.machines.running import ExecResult, Exit, Output
from localcloud.fly.model import Machine


class FakeRunner:
    """Keeps the running machines' environments; `end` makes one exit by itself."""

    def __init__(self) -> None:
        self.environments: dict[str, dict[str, str]] = {}
        self.starts: list[str] = []
        self.signals: list[tuple[str, int]] = []
        self.executed: list[list[str]] = []
        self._listeners: list[Callable[[Exit], None]] = []
        self._readers: list[Callable[[Output], None]] = []

    def start(self, machine: Machine, environment: Mapping[str, str]) -> None:
        """Note the start and the environment."""
        self.environments[machine.id] = dict(environment)
        self.starts.append(machine.id)

    def stop(self, machine_id: str, *, signal: int, timeout_s: float) -> None:
        """End it at once, as asked for."""
        del timeout_s
        if machine_id in self.environments:
            self.end(machine_id, exit_code=0, signal=signal, requested=True)

    def signal(self, machine_id: str, number: int) -> None:
        """Note the signal."""
        self.signals.append((machine_id, number))

    def is_running(self, machine_id: str) -> bool:
        """Whether it was started and has not ended."""
        return machine_id in self.environments

    def address_of(self, machine_id: str, internal_port: int) -> tuple[str, int] | None:
        """A port where nobody listens."""
        del internal_port
        return ("127.0.0.1", 9) if machine_id in self.environments else None

    async def exec(self, machine: Machine, command: list[str], *, stdin: str, timeout_s: float) -> ExecResult:
        """Note the command; it always succeeds."""
        del timeout_s
        self.executed.append(command)
        return ExecResult(exit_code=0, exit_signal=0, stdout=f"{machine.id}:{stdin}", stderr="")

    def on_exit(self, call: Callable[[Exit], None]) -> None:
        """Name who is told."""
        self._listeners.append(call)

    def on_output(self, call: Callable[[Output], None]) -> None:
        """Name who is told the lines of `write`."""
        self._readers.append(call)

    def write(self, machine_id: str, line: str, *, is_error: bool = False) -> None:
        """Let a machine write a line."""
        for call in self._readers:
            call(Output(machine_id=machine_id, line=line, is_error=is_error))

    async def close(self) -> None:
        """Forget every machine without an exit."""
        self.environments.clear()

    def pids(self) -> dict[str, int]:
        """A number for each running machine."""
        return dict.fromkeys(self.environments, 1)

    def end(
        self,
        machine_id: str,
        *,
        exit_code: int = 1,
        signal: int = 0,
        oom_killed: bool = False,
        requested: bool = False,
    ) -> None:
        """Let a machine's process end, and tell who listens."""
        del self.environments[machine_id]
        exited = Exit(
            machine_id=machine_id,
            exit_code=exit_code,
            signal=signal,
            oom_killed=oom_killed,
            requested=requested,
        )
        for call in self._listeners:
            call(exited)
