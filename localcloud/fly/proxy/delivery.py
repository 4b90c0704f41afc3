"""One request's way: to a machine, to another one when the first cannot have it, on to where it is replayed.

It must lose no request while machines come and go, and must never let two machines act on one that is not
idempotent.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import httpx

from lifeboat.core.clock import Clock
from localcloud.fly.machines.running import Runner
from localcloud.fly.model import App, Machine
from localcloud.fly.proxy.body import Body
from localcloud.fly.proxy.field import Field
from localcloud.fly.proxy.finding import Finding
from localcloud.fly.proxy.forward import Forward, NotSent, Outgoing, Unanswered
from localcloud.fly.proxy.headers import Hop, to_machine
from localcloud.fly.proxy.incoming import Incoming
from localcloud.fly.proxy.life import Life
from localcloud.fly.proxy.load import Load
from localcloud.fly.proxy.replay import LARGEST_BODY, parse_replay, replay_source
from localcloud.fly.proxy.service import service_of
from localcloud.fly.proxy.settings import EdgeSettings
from localcloud.fly.proxy.wish import Wish, wish_of
from localcloud.fly.world import World

_MOST_REPLAYS = 8
_MOST_UNANSWERED = 2
"""A request that makes machines crash must not be handed from one to the next until all are down."""


class Undeliverable(Exception):
    """No machine answered; `status` and text are what the client gets."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(slots=True, kw_only=True)
class Delivered:
    """A machine's answer, its body still to be read; whoever has it must `close` it."""

    machine: Machine
    response: httpx.Response
    load: Load

    async def close(self) -> None:
        """Let go of the connection and of the place the request took."""
        self.load.end(self.machine.id)
        await self.response.aclose()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leg:
    """From the edge to one app; a replay begins another leg."""

    app: App
    wish: Wish
    source: str = ""


@dataclass(slots=True, kw_only=True)
class Delivery:
    """Delivers requests."""

    world: World
    life: Life
    runner: Runner
    clock: Clock
    field: Field
    load: Load
    forward: Forward
    settings: EdgeSettings

    async def deliver(self, request: Incoming, body: Body, app: App, request_id: str) -> Delivered:
        """Return the answer of the machine that got the request in the end.

        Raises:
            Undeliverable: there is none.
            ClientLeft: the client did not send all of it.
        """
        leg = _Leg(app=app, wish=wish_of(request.by_name))
        for _ in range(_MOST_REPLAYS + 1):
            answer = await self._answer(request, body, leg, request_id)
            target = answer.response.headers.get("fly-replay")
            if target is None:
                return answer
            await answer.close()
            leg = self._next_leg(request, body, leg, (answer.machine, target))
        raise Undeliverable(502, f"the request was replayed more than {_MOST_REPLAYS} times")

    async def _answer(self, request: Incoming, body: Body, leg: _Leg, request_id: str) -> Delivered:
        finding = Finding(
            self.field, self.life, self.clock, app=leg.app, wish=leg.wish,
            edge_region=request.region, patience_s=self.settings.patience_s,
        )  # fmt: skip
        failures: list[str] = []
        unanswered = 0
        while (machine := await finding.next()) is not None:
            outgoing = self._outgoing(request, body, leg, request_id)
            try:
                return await self._attempt(outgoing, machine)
            except NotSent as error:
                failures.append(f"{machine.id}: {error}")
            except Unanswered as error:
                unanswered += 1
                if not (request.is_idempotent and body.can_repeat) or unanswered > _MOST_UNANSWERED:
                    raise Undeliverable(504 if error.timed_out else 502, f"{machine.id}: {error}") from error
                failures.append(f"{machine.id}: {error}")
        if failures:
            raise Undeliverable(502, f"no machine could be reached; last tried {failures[-1]}")
        raise Undeliverable(503, self._why_none(leg))

    async def _attempt(self, outgoing: Outgoing, machine: Machine) -> Delivered:
        self.load.begin(machine.id)
        machine.last_request_at = self.world.clock.now()
        try:
            response = await self._send(outgoing, machine)
        except BaseException:
            self.load.end(machine.id)
            raise
        return Delivered(machine=machine, response=response, load=self.load)

    async def _send(self, outgoing: Outgoing, machine: Machine) -> httpx.Response:
        fault = self.field.hangs(machine)
        if fault is not None:
            await asyncio.sleep(fault.delay_s)
            raise NotSent("the connection timed out")
        service = service_of(machine.config)
        address = service and self.runner.address_of(machine.id, service.internal_port)
        if not address:
            raise NotSent("nothing listens there")
        return await self.forward.send(outgoing, address, lambda: self.field.takes_requests(machine))

    def _outgoing(self, request: Incoming, body: Body, leg: _Leg, request_id: str) -> Outgoing:
        hop = Hop(
            request_id=request_id,
            client_ip=request.client_ip,
            edge_region=request.region or self.settings.edge_region,
            host=request.host.encode("latin-1"),
            scheme=request.scheme,
            port=request.port,
            at=self.world.clock.now(),
            replay_source=leg.source,
        )
        headers = to_machine(request.headers, hop)
        return Outgoing(method=request.method, target=request.target, headers=headers, body=body)

    def _next_leg(self, request: Incoming, body: Body, leg: _Leg, answered: tuple[Machine, str]) -> _Leg:
        machine, target = answered
        replay = parse_replay(target, machine.id)
        if replay is None:
            raise Undeliverable(502, f"machine {machine.id} asked for a replay to nowhere: {target!r}")
        if not body.can_repeat or int(request.header("content-length") or 0) > LARGEST_BODY:
            raise Undeliverable(502, f"a request of more than {LARGEST_BODY} bytes cannot be replayed")
        app = self.world.apps.get(replay.app) if replay.app else leg.app
        if app is None or app.org_slug != leg.app.org_slug:
            raise Undeliverable(502, f"machine {machine.id} asked for a replay to app {replay.app!r}")
        source = replay_source(machine.id, machine.region, replay.state, self.world.clock.now())
        return _Leg(app=app, wish=replay.wish, source=source)

    def _why_none(self, leg: _Leg) -> str:
        where = " that the request is limited to" if leg.wish != Wish() else ""
        states = sorted(
            {str(machine.state) for machine in leg.app.machines.values() if machine.state.is_live}
        )
        seen = f"; its machines are {', '.join(states)}" if states else "; it has no machines"
        light = (
            "; light machines serve nothing" if any(one.light for one in leg.app.machines.values()) else ""
        )
        return f"no healthy machine of app {leg.app.name}{where}{seen}{light}"
