"""The emulated Fly in one object: records, time, faults and the application, without a server or a disk.

process.py   puts it behind a port, saves it, and lets its time pass
tests        drive `app` directly, with a manual clock and `settle`
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lifeboat.core.clock import Clock
from localcloud.fly.api.application import Application, rest_routes
from localcloud.fly.api.dispatch import RouteTable
from localcloud.fly.api.pipeline import Pipeline
from localcloud.fly.faults.board import FaultBoard
from localcloud.fly.faults.stale_view import StaleView
from localcloud.fly.machines.running import Runner
from localcloud.fly.offset_clock import OffsetClock
from localcloud.fly.openapi.description import operations
from localcloud.fly.seed import initial_records
from localcloud.fly.timeline import Timeline
from localcloud.fly.timings import Timings
from localcloud.fly.world import Records, World


class Emulator:
    """A whole emulated Fly.

    Args:
        directory: where volumes' contents and machines' logs lie.
        clock: the time it starts from; `world.clock` may be advanced.
        runner: starts machines' processes.
        seed: what identifiers are derived from.
        records: what existed when it was saved; None starts empty.
    """

    def __init__(
        self,
        directory: Path,
        clock: Clock,
        *,
        runner: Runner,
        seed: str = "lifeboat",
        records: Records | None = None,
    ) -> None:
        offset = OffsetClock(clock)
        self._listeners: list[Callable[[], None]] = []
        self.runner = runner
        self.world = World(
            records=records or initial_records(seed),
            clock=offset,
            timeline=Timeline(offset),
            timings=Timings(),
            faults=FaultBoard(),
            directory=directory,
            changed=self._changed,
        )
        described = [(method, path, name) for name, (method, path, _) in operations().items()]
        table = RouteTable(rest_routes(runner), described)
        stale = StaleView(self.world)
        self.on_change(stale.note)
        self.app = Application({"/v1/": Pipeline(self.world, table, stale)})

    def settle(self) -> int:
        """Make everything happen that is due; return how many calls that were."""
        return self.world.timeline.settle()

    def on_change(self, call: Callable[[], None]) -> None:
        """Name who is told after every change of the records."""
        self._listeners.append(call)

    def _changed(self) -> None:
        for call in self._listeners:
            call()
