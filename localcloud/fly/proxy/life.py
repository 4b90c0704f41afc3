"""What the edge asks of machines' lives (`machines/life.py` has more)."""

from __future__ import annotations

from typing import Protocol

from localcloud.fly.model import Machine


class Life(Protocol):
    """Starts and stops machines; each call returns at once and may raise `WireError`."""

    def start(self, machine: Machine, *, source: str) -> object:
        """Start a machine."""
        ...

    def stop(self, machine: Machine, *, source: str) -> None:
        """Stop a machine."""
        ...

    def suspend(self, machine: Machine, *, source: str) -> None:
        """Suspend a machine."""
        ...
