"""What `pulumi install` does for a Python program: make its virtual environment, install its requirements."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from .children import Child, Children, Stream
from .failure import HostFailure
from .interpreter import Interpreter, ambient_python, find_interpreter

_REQUIREMENTS = "requirements.txt"
_SAID = Stream.STDOUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One installation.

    Args:
        virtualenv: the environment to install into, made when missing; None for the ambient Python.
        directories: where requirements.txt is looked for; the first one that has it counts.
        directory: where the commands run.
    """

    virtualenv: Path | None
    directories: tuple[Path, ...]
    directory: Path

    async def run(self, children: Children) -> AsyncIterator[tuple[Stream, bytes]]:
        """Install, giving the output as it comes.

        Raises:
            HostFailure: a command failed, or there is no Python.
        """
        if self.virtualenv is not None and not (self.virtualenv / "bin" / "python").exists():
            yield _SAID, f"Creating virtual environment {self.virtualenv}\n".encode()
            ambient = Interpreter(executable=ambient_python(os.environ), virtualenv=None)
            async for piece in self._step(children, ambient, ["-m", "venv", str(self.virtualenv)]):
                yield piece
        interpreter = find_interpreter(self.virtualenv, os.environ)
        requirements = next((path for path in self._candidates() if path.is_file()), None)
        if requirements is None:
            yield _SAID, f"No {_REQUIREMENTS}: nothing to install\n".encode()
            return
        yield _SAID, f"Installing {requirements}\n".encode()
        pip = ["-m", "pip", "--no-input", "install", "-r", str(requirements)]
        async for piece in self._step(children, interpreter, pip):
            yield piece

    def _candidates(self) -> tuple[Path, ...]:
        return tuple(directory / _REQUIREMENTS for directory in self.directories)

    async def _step(
        self, children: Children, interpreter: Interpreter, arguments: list[str]
    ) -> AsyncIterator[tuple[Stream, bytes]]:
        command = [str(interpreter.executable), *arguments]
        environment = interpreter.environment(os.environ)
        child: Child
        async with children.running(
            command, environment=environment, directory=self.directory, captured=True
        ) as child:
            async for piece in child.output():
                yield piece
            code = await child.exit_code()
        if code != 0:
            raise HostFailure(f"`{' '.join(command)}` failed with exit code {code}")
