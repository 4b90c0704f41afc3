"""Who waits for a machine: woken at the very moment it passes the state they wait for.

A waiter that looked now and then would miss a machine that starts and ends between two looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from localcloud.fly.model import Machine

Condition = Callable[[Machine], bool]


class Watchers:
    """Conditions on machines, and the futures that wait for them."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[tuple[Condition, asyncio.Future[None]]]] = {}

    def watch(self, machine: Machine, holds: Condition) -> asyncio.Future[None]:
        """Return a future that is done once a condition held at some change of a machine."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting = self._waiting.setdefault(machine.id, [])
        waiting.append((holds, future))
        future.add_done_callback(lambda _: self._forget(machine.id, future))
        return future

    def notify(self, machine: Machine) -> None:
        """Look at a machine that just changed."""
        for holds, future in tuple(self._waiting.get(machine.id, ())):
            if not future.done() and holds(machine):
                future.set_result(None)

    def _forget(self, machine_id: str, future: asyncio.Future[None]) -> None:
        left = [entry for entry in self._waiting.get(machine_id, ()) if entry[1] is not future]
        if left:
            self._waiting[machine_id] = left
        else:
            self._waiting.pop(machine_id, None)
