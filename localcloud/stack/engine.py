"""Runs `pulumi` on one local stack, with that stack's variables and nothing of the user's account."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lifeboat.core.errors import ConfigError, Stuck
from localcloud.stack.output import lines_told
from localcloud.stack.tether import Tether

CONFIGURATION_EXIT = 2
"""`pkg/cmd/pulumi/cmd/exit_codes.go`: malformed input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """The engine, pointed at one stack.

    Args:
        stack: the stack.
        directory: the directory that holds `pulumi`.
        project: where it runs: the directory of Pulumi.yaml.
        environment: its whole environment.
        holding: descriptors it holds open until it has ended, whatever becomes of this process.
    """

    stack: str
    directory: Path
    project: Path
    environment: Mapping[str, str]
    holding: tuple[int, ...] = ()

    def run(self, arguments: Sequence[str], on_line: Callable[[str], None] | None = None) -> int:
        """Run a command of the engine to its end and return its exit code.

        Args:
            arguments: the command and its options; the stack is added.
            on_line: takes each line of stdout; without it stdout is this process's own.

        Raises:
            KeyboardInterrupt: it was interrupted, and has ended.
        """
        with (
            tempfile.TemporaryFile() as told,
            self._tether(arguments, None if on_line is None else told.fileno()) as tether,
        ):
            if on_line is not None:
                for line in lines_told(told.fileno(), tether.process):
                    on_line(line)
            code = tether.process.wait()
        if tether.interrupted:
            raise KeyboardInterrupt
        return code

    def ask(self, arguments: Sequence[str]) -> str:
        """Run a command of the engine quietly and return its stdout.

        Raises:
            ConfigError: the engine says that what it was given cannot be used.
            Stuck: it failed; the message is the engine's.
            KeyboardInterrupt: it was interrupted, and has ended.
        """
        with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as complaints:
            with self._tether(arguments, told.fileno(), complaints.fileno()) as tether:
                code = tether.process.wait()
            output, complaint = _text_of(told), _text_of(complaints)
        if tether.interrupted:
            raise KeyboardInterrupt
        if code == 0:
            return output.removesuffix("\n")
        branch = ConfigError if code == CONFIGURATION_EXIT else Stuck
        raise branch(
            f"`pulumi {' '.join(arguments)}` failed on stack {self.stack!r}: {complaint.strip()}",
            hint=f'try it by hand after: eval "$(lifeboat env {self.stack})"',
        )

    def _tether(self, arguments: Sequence[str], stdout: int | None, stderr: int | None = None) -> Tether:
        command = [str(self.directory / "pulumi"), *arguments, "--stack", self.stack, "--non-interactive"]
        return Tether(
            command,
            environment=self.environment,
            directory=self.project,
            stdout=stdout,
            stderr=stderr,
            holding=self.holding,
        )


def _text_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")
