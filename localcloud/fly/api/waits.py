"""Waiting for a machine: blocks its caller for up to 60 seconds, and nobody else.

The condition is looked at on every move, so a state that is passed quickly is not missed. Refusals and the
text of a timeout: fly.md 1.1, 2.1, 2.2.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from localcloud.fly.api.lookup import the_machine
from localcloud.fly.api.machine_filters import states_of
from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.machines.life import MachineLife
from localcloud.fly.model import Machine, State
from localcloud.fly.wire_error import WireError

_ALLOWED = frozenset({"started", "stopped", "suspended", "destroyed", "failed", "settled"})
_LONGEST_S = 60
_TICK_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    states: tuple[str, ...]
    version: str
    from_event_id: str
    timeout_s: int

    def holds(self, machine: Machine) -> bool:
        """Tell whether a machine is where it is waited for."""
        if self.from_event_id and machine.events and machine.events[0].id == self.from_event_id:
            return False
        if self.version and self.version != machine.version.id:
            # The version waited for was replaced: it is gone, which is all a wait for its end asks.
            return "stopped" in self.states or "settled" in self.states
        return machine.state in self.states or ("settled" in self.states and machine.state.is_settled)

    def is_hopeless(self, machine: Machine) -> bool:
        """Tell whether a machine is gone while something else is waited for."""
        return machine.state is State.DESTROYED and not {"destroyed", "settled"} & set(self.states)

    def is_over(self, machine: Machine) -> bool:
        """Tell whether waiting has an end."""
        return self.holds(machine) or self.is_hopeless(machine)


def _read(call: Call, machine: Machine) -> _Wish:
    states = tuple(sorted(states_of(call.query))) or ("started",)
    unknown = [state for state in states if state not in _ALLOWED]
    if unknown:
        raise WireError(400, f"invalid_argument: invalid WaitMachineRequest.State: {unknown[0]!r}")
    timeout = call.one("timeout", str(_LONGEST_S))
    if not (timeout.isascii() and timeout.isdigit() and 1 <= int(timeout[:9]) <= _LONGEST_S):
        raise WireError(
            400,
            "invalid_argument: invalid WaitMachineRequest.Timeout: value must be inside range [1s, 1m0s]",
        )
    version = call.one("version") or call.one("instance_id")
    if "stopped" in states and not version:
        raise WireError(400, "invalid_argument: version is required when waiting for stopped state")
    if version and version not in {each.id for each in machine.versions}:
        raise WireError(404, "not_found: machine version not found")
    return _Wish(
        states=states, version=version, from_event_id=call.one("from_event_id"), timeout_s=int(timeout)
    )


class Waits:
    """The handler, which needs to hear of moves."""

    def __init__(self, life: MachineLife) -> None:
        self._life = life

    async def wait(self, call: Call) -> Answer:
        """Answer when the machine is there, or say 408."""
        _, machine = the_machine(call)
        wish = _read(call, machine)
        if not wish.is_over(machine):
            await self._until_over(machine, wish)
        if wish.is_hopeless(machine):
            raise WireError(404, "not_found: machine not found")
        return Answer(
            body={
                "ok": True,
                "state": str(machine.state),
                "version": wish.version or machine.version.id,
                "event_id": machine.events[0].id if machine.events else "",
            }
        )

    async def _until_over(self, machine: Machine, wish: _Wish) -> None:
        world, loop = self._life.world, asyncio.get_running_loop()
        reached = self._life.watch(machine, wish.is_over)
        ends_s, ends_in_world_s = loop.time() + wish.timeout_s, world.clock.monotonic_s() + wish.timeout_s
        try:
            while not reached.done() and loop.time() < ends_s and world.clock.monotonic_s() < ends_in_world_s:
                # What is due now is made to happen now, not at the next beat of whoever settles the timeline.
                world.timeline.settle()
                await asyncio.wait([reached], timeout=_TICK_S)
        finally:
            reached.cancel()
        if not reached.done() or reached.cancelled():
            raise WireError(
                408,
                f"machine failed to reach desired state, {','.join(wish.states)}, currently {machine.state}",
            )


def routes(life: MachineLife) -> tuple[Route, ...]:
    """Return the operations of this noun."""
    return (
        Route(
            method="GET",
            path="/v1/apps/{app_name}/machines/{machine_id}/wait",
            operation_id="Machines_wait",
            handler=Waits(life).wait,
        ),
    )
