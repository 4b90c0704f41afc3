"""A world without a process or a pipeline: handlers are called with a Call, time moves by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lifeboat.core.clock import ManualClock
from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.faults.board import FaultBoard
from localcloud.fly.ids import Ids
from localcloud.fly.model import App, Host, Machine, Organization, State, Version
from localcloud.fly.offset_clock import OffsetClock
from localcloud.fly.timeline import Timeline
from localcloud.fly.timings import Timings
from localcloud.fly.world import Records, World

START = datetime(2026, 9, 1, tzinfo=UTC)


def _hosts() -> dict[str, Host]:
    places = [("ams-1", "ams"), ("ams-2", "ams"), ("sjc-1", "sjc"), ("sjc-2", "sjc")]
    return {
        name: Host(id=name, region=region, zone=f"z{name}", cpus=16, memory_mb=32_768, volume_gb=1000)
        for name, region in places
    }


class Bare:
    """An emulator's records, and a way to call its handlers.

    Args:
        directory: where files go.
        routes: the tables to choose handlers from.
    """

    def __init__(self, directory: Path, *routes: tuple[Route, ...]) -> None:
        clock = OffsetClock(ManualClock(START))
        organization = Organization(slug="lifeboat", name="Lifeboat", internal_numeric_id=1)
        records = Records(ids=Ids(seed="test"), organizations={"lifeboat": organization}, hosts=_hosts())
        self._routes = {route.operation_id: route for table in routes for route in table}
        self.changes = 0
        self.scope = "org:lifeboat"
        self.world = World(
            records=records,
            clock=clock,
            timeline=Timeline(clock),
            timings=Timings(),
            faults=FaultBoard(),
            directory=directory,
            changed=self._count,
        )
        self.app = self.add_app("web")

    def add_app(self, name: str) -> App:
        """Put an app into the world."""
        app = App(
            id=f"id-{name}",
            name=name,
            internal_numeric_id=len(self.world.apps) + 1,
            org_slug="lifeboat",
            network="default",
            created_at=START,
        )
        self.world.apps[name] = app
        return app

    def add_machine(self, machine_id: str, state: State = State.STARTED) -> Machine:
        """Put a machine into the app `web`."""
        machine = Machine(
            id=machine_id,
            name=machine_id,
            app_name="web",
            region="ams",
            host_id="ams-1",
            state=state,
            private_ip="fdaa::2",
            image_digest="sha256:00",
            created_at=START,
            updated_at=START,
            versions=[Version(id="01", config={}, created_at=START)],
            wanted=state,
        )
        self.app.machines[machine_id] = machine
        return machine

    def call(self, operation: str, body: Any = None, *, query: str = "", **path: str) -> Any:
        """Call an operation and return the body of its answer."""
        return self.answer(operation, body, query=query, **path).body

    def answer(self, operation: str, body: Any = None, *, query: str = "", **path: str) -> Answer:
        """Call an operation; `query` as `key=value&key=value`."""
        pairs = [part.split("=", 1) for part in query.split("&") if part]
        call = Call(
            world=self.world,
            path={"app_name": "web", **path},
            query={key: [value] for key, value in pairs},
            body=body,
            headers={},
            caller="operator@tokens.fly.io",
            scope=self.scope,
        )
        answer = self._routes[operation].handler(call)
        assert isinstance(answer, Answer)
        return answer

    def pass_time(self, seconds: float) -> None:
        """Let time pass in four jumps, doing what is due after each: a chain of steps needs several."""
        for _ in range(4):
            self.world.clock.advance(timedelta(seconds=seconds / 4))
            self.world.timeline.settle()

    def _count(self) -> None:
        self.changes += 1
