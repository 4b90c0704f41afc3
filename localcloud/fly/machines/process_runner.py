"""Machines as real processes of this host: the `Runner` of a laptop.

Every internal port of a machine is the one port its process was given in PORT: an honest limit. A machine
that is started again while its last process still ends gets a new process at once; the old one ends
unreported.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from localcloud.fly.images import registry
from localcloud.fly.images.registry import Image
from localcloud.fly.machines.command import run_command
from localcloud.fly.machines.lifeline_shell import with_lifeline
from localcloud.fly.machines.machine_process import MachineProcess
from localcloud.fly.machines.root_directory import root_of
from localcloud.fly.machines.running import ExecResult, Exit, Output
from localcloud.fly.model import Machine

_SIGNAL_BASE = 128


class Images(Protocol):
    """What a runner asks of the registry of images."""

    def resolve(self, reference: str) -> Image | None:
        """Return the image of a reference."""
        ...

    def command_of(self, image: Image) -> list[str]:
        """Return the argv of an image's process."""
        ...


class ProcessRunner:
    """Starts, signals and ends processes; all in the event loop that calls it.

    Args:
        directory: the world's directory, where the roots of machines lie.
        images: what an image's process is.
    """

    def __init__(self, directory: Path, *, images: Images = registry) -> None:
        self._directory = directory
        self._images = images
        self._processes: dict[str, MachineProcess] = {}
        self._tasks: dict[asyncio.Task[None], MachineProcess] = {}
        self._on_exit: Callable[[Exit], None] = lambda _: None
        self._on_output: Callable[[Output], None] = lambda _: None

    def start(self, machine: Machine, environment: Mapping[str, str]) -> None:
        """Start the machine's process in its root directory."""
        machine_id = machine.id

        def line(text: str, is_error: bool) -> None:
            self._on_output(Output(machine_id=machine_id, line=text, is_error=is_error))

        process = MachineProcess(
            self._command_of(machine, environment), environment, root_of(self._directory, machine_id), line
        )
        self._processes[machine_id] = process
        task = asyncio.get_running_loop().create_task(self._live(machine_id, process))
        self._tasks[task] = process
        task.add_done_callback(self._tasks.pop)

    def stop(self, machine_id: str, *, signal: int, timeout_s: float) -> None:
        """Ask the process to end, and kill it after `timeout_s`."""
        if machine_id in self._processes:
            self._processes[machine_id].stop(signal, timeout_s)

    def signal(self, machine_id: str, number: int) -> None:
        """Send a signal to all processes of a machine."""
        if machine_id in self._processes:
            self._processes[machine_id].send(number)

    def is_running(self, machine_id: str) -> bool:
        """Tell whether a process is there, or being started."""
        return machine_id in self._processes

    def address_of(self, machine_id: str, internal_port: int) -> tuple[str, int] | None:
        """Return where the machine is reached, whichever its internal port."""
        process = self._processes.get(machine_id)
        return ("127.0.0.1", process.port) if process else None

    async def exec(self, machine: Machine, command: list[str], *, stdin: str, timeout_s: float) -> ExecResult:
        """Run a command in the machine's directory and environment.

        Raises:
            TimeoutError: it took longer than `timeout_s` and was ended.
        """
        process = self._processes[machine.id]
        root = root_of(self._directory, machine.id)
        return await run_command(
            command, process.environment, directory=root, stdin=stdin, timeout_s=timeout_s
        )

    def on_exit(self, call: Callable[[Exit], None]) -> None:
        """Name who is told about every exit."""
        self._on_exit = call

    def on_output(self, call: Callable[[Output], None]) -> None:
        """Name who is told every line that a process writes."""
        self._on_output = call

    def pids(self) -> dict[str, int]:
        """Return the running processes by machine id."""
        return {machine_id: process.pid for machine_id, process in self._processes.items() if process.pid}

    async def close(self) -> None:
        """End every process at once; nobody is told."""
        self.on_exit(lambda _: None)
        for process in self._tasks.values():
            process.stop(signal.SIGKILL, 0)
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _live(self, machine_id: str, process: MachineProcess) -> None:
        code = await process.run()
        if self._processes.get(machine_id) is not process:
            return
        del self._processes[machine_id]
        number = -code if code < 0 else 0
        self._on_exit(
            Exit(
                machine_id=machine_id,
                exit_code=_SIGNAL_BASE + number if number else code,
                signal=number,
                oom_killed=False,
                requested=process.requested,
            )
        )

    def _command_of(self, machine: Machine, environment: Mapping[str, str]) -> list[str]:
        image = self._images.resolve(machine.config["image"])
        own = self._images.command_of(image) if image else []
        process = (machine.config.get("processes") or [{}])[0]
        given = {**machine.config["init"], **{key: value for key, value in process.items() if value}}
        command = [*(given.get("entrypoint") or ()), *(given.get("cmd") or ())]
        if given.get("exec"):
            return with_lifeline(given["exec"])
        # An image here is one program: a bare command that this host does not know is an argument to it, and
        # those it needs none of.
        if not given.get("entrypoint") and not _is_program(command, environment):
            return own
        return with_lifeline(command)


def _is_program(command: list[str], environment: Mapping[str, str]) -> bool:
    return bool(command) and shutil.which(command[0], path=environment.get("PATH")) is not None
