"""One figure with its limit, and how to measure commands fairly."""

from __future__ import annotations

import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lifeboat.core.clock import SystemClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measured value and what it must not pass.

    Args:
        name: what was measured.
        value: in `unit`.
        limit: the highest value we accept; None for a figure that is only shown.
        unit: such as `x`, `ms`, `MB`.
        detail: what the value was computed from.
    """

    name: str
    value: float
    limit: float | None
    unit: str
    detail: str

    @property
    def is_kept(self) -> bool:
        """Tell whether the value is within its limit."""
        return self.limit is None or self.value <= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command to time."""

    arguments: tuple[str, ...]
    directory: Path
    environment: Mapping[str, str]

    def run(self) -> None:
        """Run it once; its output is shown when it fails."""
        done = subprocess.run(
            self.arguments,
            cwd=self.directory,
            env=dict(self.environment),
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(self.arguments)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")


def interleaved_medians_s(commands: Sequence[Command], *, rounds: int) -> list[float]:
    """Time commands in turns, so that a busy moment of the machine meets all of them alike.

    Args:
        commands: what to time.
        rounds: how often each is run, after one run that is not counted.

    Returns:
        The median of each, seconds, in the order of `commands`.
    """
    for command in commands:
        command.run()
    taken: list[list[float]] = [[] for _ in commands]
    for _ in range(rounds):
        for times, command in zip(taken, commands, strict=True):
            times.append(_timed_s(command.run))
    return [statistics.median(times) for times in taken]


def _timed_s(action: Callable[[], None]) -> float:
    clock = SystemClock()
    start_s = clock.monotonic_s()
    action()
    return clock.monotonic_s() - start_s
