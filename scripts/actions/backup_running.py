"""A PostgreSQL program that runs for long: watched while it does, ended with everything it started."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lifeboat.core.clock import Clock
from lifeboat.core.errors import StepFailed
from scripts.actions.backup_child import last_words

_LOOK_S = 0.1


class RunningProgram:
    """One program and its workers, a process group of their own.

    Args:
        argv: never a secret.
        environment: all of it.
        said: file that gets what it says; its directory is where it runs.
    """

    def __init__(self, argv: Sequence[str | Path], environment: Mapping[str, str], said: Path) -> None:
        self._name = Path(argv[0]).name
        self._said = said
        with said.open("wb") as target:
            self._process = subprocess.Popen(
                argv,
                env=dict(environment),
                cwd=said.parent,
                stdin=subprocess.DEVNULL,
                stdout=target,
                stderr=target,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Of the leader."""
        return self._process.pid

    def wait(self, look: Callable[[], None], clock: Clock) -> None:
        """Wait until it has ended.

        Args:
            look: called again and again while it runs; what it raises ends the program.
            clock: paces the looks.

        Raises:
            StepFailed: it ended with anything but 0.
        """
        try:
            while self._process.poll() is None:
                look()
                clock.sleep(_LOOK_S)
        finally:
            self._end()
        if self._process.returncode:
            said = last_words(self._said.read_text(errors="replace"))
            raise StepFailed(f"{self._name} ended with {self._process.returncode}: {said}")

    def _end(self) -> None:
        if self._process.poll() is None:
            # The whole group: its workers would go on otherwise until they next look for it.
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
