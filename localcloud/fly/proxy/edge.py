"""The running edge: a shared port, a port per app with a public address, and upkeep once a second."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from lifeboat.core.clock import Clock
from lifeboat.core.errors import Refused
from localcloud.fly.machines.running import Runner
from localcloud.fly.model import App
from localcloud.fly.proxy.application import EdgeApplication
from localcloud.fly.proxy.delivery import Delivery
from localcloud.fly.proxy.field import Field
from localcloud.fly.proxy.forward import Forward
from localcloud.fly.proxy.hosts import is_public
from localcloud.fly.proxy.life import Life
from localcloud.fly.proxy.listeners import Listeners
from localcloud.fly.proxy.load import Load
from localcloud.fly.proxy.rounds import Rounds
from localcloud.fly.proxy.settings import EdgeSettings
from localcloud.fly.world import World
from localcloud.port_range import ports_of

_UPKEEP_S = 1.0


class Edge:
    """The proxy in front of all machines; everything happens in the event loop that called `start`.

    Args:
        world: what exists.
        life: wakes and stops machines.
        runner: knows where machines listen.
        clock: the real time, for waits.
        settings: its numbers.
    """

    def __init__(
        self, world: World, life: Life, runner: Runner, clock: Clock, settings: EdgeSettings | None = None
    ) -> None:
        settings = settings or EdgeSettings()
        self._world = world
        self.load = Load()
        field = Field(world, self.load, settings.edge_region)
        self._forward = Forward(connect_s=settings.connect_s, answer_s=settings.answer_s)
        self._delivery = Delivery(
            world=world,
            life=life,
            runner=runner,
            clock=clock,
            field=field,
            load=self.load,
            forward=self._forward,
            settings=settings,
        )
        self._rounds = Rounds(world, life, field, self.load, settings)
        self._listeners = Listeners()
        self._own_ports: dict[str, int] = {}
        self._refreshing = asyncio.Lock()
        self._upkeep: asyncio.Task[None] | None = None

    async def start(self, port: int) -> int:
        """Listen on the shared loopback port (0: any free one) and on those of apps; return the shared one.

        Raises:
            Refused: the port is taken.
        """
        number = self._listeners.open(port, EdgeApplication(self._delivery))
        await self.refresh()
        self._upkeep = asyncio.get_running_loop().create_task(self._keep_up())
        return number

    async def stop(self) -> None:
        """Stop listening; requests under way may finish for a few seconds. Apps keep their port numbers."""
        if self._upkeep is not None:
            self._upkeep.cancel()
            with suppress(asyncio.CancelledError):
                await self._upkeep
        await self._listeners.close_all()
        self._own_ports.clear()
        await self._forward.close()

    async def refresh(self) -> None:
        """Open and close the ports of apps, as their addresses came and went."""
        async with self._refreshing:
            public = {name: app for name, app in self._world.apps.items() if is_public(app)}
            for name in set(self._own_ports) - set(public):
                await self._withdraw(name)
            for app in public.values():
                self._give_port(app)
            self.load.forget_all_but({machine.id for machine in self._world.machines()})

    async def _withdraw(self, name: str) -> None:
        await self._listeners.close(self._own_ports.pop(name))
        app = self._world.apps.get(name)
        if app is not None:
            app.address_port = 0
            self._world.changed()

    def _give_port(self, app: App) -> None:
        if app.name not in self._own_ports:
            self._own_ports[app.name] = self._open(app)
        if app.address_port != self._own_ports[app.name]:
            app.address_port = self._own_ports[app.name]
            self._world.changed()

    def _open(self, app: App) -> int:
        application = EdgeApplication(self._delivery, app.name)
        remembered = (app.address_port,) if app.address_port else ()
        for port in (*remembered, *ports_of(app.name)):
            # Somebody may have taken the number while the emulator was away; the app needs a port more than
            # this one.
            with suppress(Refused):
                return self._listeners.open(port, application)
        raise Refused(f"no free port for app {app.name}", hint="something here holds nearly all of them")

    async def _keep_up(self) -> None:
        while True:
            await self.refresh()
            self._rounds.make_if_due()
            await asyncio.sleep(_UPKEEP_S)
