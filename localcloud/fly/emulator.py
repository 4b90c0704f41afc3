"""The emulated Fly in one object: records, time, faults and the application, without a server or a disk.

`process.py` puts it behind a port, saves it and lets its time pass; tests drive `app` directly, with a manual
clock and `settle`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from starlette.types import ASGIApp

from lifeboat.core.clock import Clock
from localcloud.fly.api.app_removal import resume_removals
from localcloud.fly.api.application import Application, rest_routes
from localcloud.fly.api.dispatch import RouteTable
from localcloud.fly.api.pipeline import Pipeline
from localcloud.fly.certificates import acme
from localcloud.fly.faults.board import FaultBoard
from localcloud.fly.faults.declared import DeclaredFaults
from localcloud.fly.faults.stale_view import StaleView
from localcloud.fly.graphql.endpoint import graphql_app
from localcloud.fly.machines.life import MachineLife
from localcloud.fly.machines.running import Runner
from localcloud.fly.offset_clock import OffsetClock
from localcloud.fly.openapi.description import operations
from localcloud.fly.seed import initial_records
from localcloud.fly.timeline import Timeline
from localcloud.fly.timings import Timings
from localcloud.fly.uiex.endpoint import uiex_app
from localcloud.fly.volumes import life as volume_life
from localcloud.fly.world import Records, World


class Emulator:
    """A whole emulated Fly.

    Args:
        directory: where volumes' contents and machines' logs lie; emptied by a reset.
        clock: the time it starts from; `world.clock` may be advanced.
        runner: starts machines' processes.
        seed: what identifiers are derived from.
        records: what existed when it was saved; None starts empty. Then call `resume`.
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
        self.life = MachineLife(self.world, runner)
        self.faults = DeclaredFaults(self.world, self.life)
        described = [(method, path, name) for name, (method, path, _) in operations().items()]
        self.table = RouteTable(rest_routes(self.life), described)
        stale = StaleView(self.world)
        self.on_change(stale.note)
        self._pipeline = Pipeline(self.world, self.table, stale)
        self.app = Application(
            {
                "/v1/": self._pipeline,
                "/graphql": graphql_app(self.world),
                "/api/v1/": uiex_app(self.world),
            }
        )

    def mount(self, prefix: str, part: ASGIApp) -> None:
        """Serve everything under a prefix by another application."""
        self.app.mount(prefix, part)

    def settle(self) -> int:
        """Make everything happen that is due; return how many calls that were."""
        return self.world.timeline.settle()

    def resume(self) -> None:
        """Continue what the records say was under way, and start the machines that were meant to run."""
        resume_removals(self.world, self.life)
        volume_life.resume(self.world)
        acme.resume(self.world)
        self.life.resume()

    def reset(self) -> None:
        """Forget everything: records, faults, plans, advanced time, files; end every machine's process."""
        for app in self.world.apps.values():
            self.life.end_app(app)
        self.faults.reset()
        self.world.timeline.clear()
        self.world.clock.advanced = timedelta()
        self._pipeline.limits.clear()
        organizations = tuple(self.world.records.organizations)
        self.world.records = initial_records(self.world.records.ids.seed, organizations)
        shutil.rmtree(self.world.directory, ignore_errors=True)
        self.world.changed()

    def on_change(self, call: Callable[[], None]) -> None:
        """Name who is told after every change of the records."""
        self._listeners.append(call)

    def _changed(self) -> None:
        for call in self._listeners:
            call()
