"""Looking for idle machines every few emulated minutes, and stopping or suspending them."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from localcloud.fly.model import App, Machine
from localcloud.fly.proxy.autostop import Running, to_stop
from localcloud.fly.proxy.field import Field
from localcloud.fly.proxy.life import Life
from localcloud.fly.proxy.load import Load
from localcloud.fly.proxy.service import Autostop, Service, service_of
from localcloud.fly.proxy.settings import EdgeSettings
from localcloud.fly.wire_error import WireError
from localcloud.fly.world import World


class Rounds:
    """The autostop rounds, on the emulated clock: advancing it brings the next one near."""

    def __init__(self, world: World, life: Life, field: Field, load: Load, settings: EdgeSettings) -> None:
        self._world = world
        self._life = life
        self._field = field
        self._load = load
        self._settings = settings
        self._next_at = world.clock.now() + timedelta(seconds=settings.autostop_every_s)

    def make_if_due(self) -> None:
        """Make a round when it is time for one."""
        now = self._world.clock.now()
        if now >= self._next_at:
            self._next_at = now + timedelta(seconds=self._settings.autostop_every_s)
            for app in list(self._world.apps.values()):
                self._look_at(app)

    def _look_at(self, app: App) -> None:
        by_port: dict[int, list[Running]] = defaultdict(list)
        for machine in app.machines.values():
            service = service_of(machine.config)
            if service and self._field.takes_requests(machine):
                by_port[service.internal_port].append(self._running(machine, service))
        for running in by_port.values():
            for one in to_stop(running, _primary_region(app), self._settings.idle_after_s):
                self._end(app.machines[one.machine_id], one.autostop)

    def _running(self, machine: Machine, service: Service) -> Running:
        since = max(machine.updated_at, machine.last_request_at or machine.updated_at)
        may_stop = not self._field.is_leased(machine)
        return Running(
            machine_id=machine.id,
            region=machine.region,
            load=self._load.of(machine.id),
            soft_limit=service.soft_limit,
            idle_s=(self._world.clock.now() - since).total_seconds(),
            autostop=service.autostop if may_stop else Autostop.OFF,
            min_machines_running=service.min_machines_running,
        )

    def _end(self, machine: Machine, how: Autostop) -> None:
        try:
            if how is Autostop.SUSPEND:
                self._life.suspend(machine, source="proxy")
            else:
                self._life.stop(machine, source="proxy")
        except WireError:
            # Its host said no; the next round looks again.
            return


def _primary_region(app: App) -> str:
    """Return the region that the app's machines are told is their primary one."""
    named = ((machine.config.get("env") or {}).get("PRIMARY_REGION") for machine in app.machines.values())
    return next((region for region in named if region), "")
