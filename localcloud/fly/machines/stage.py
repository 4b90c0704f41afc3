"""The one way a machine changes its state: with an event, for all who wait, and dropping what was planned.

What is planned for a machine (`later`) holds for the state it was planned in: any move in between cancels it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localcloud.fly.faults.board import FaultKind
from localcloud.fly.machines.watchers import Watchers
from localcloud.fly.model import Event, Machine, State
from localcloud.fly.world import World

_KEPT_EVENTS = 50
"""Fly shows 50 events at most."""


class Stage:
    """Moves machines between states."""

    def __init__(self, world: World, watchers: Watchers) -> None:
        self.world = world
        self.watchers = watchers
        self._moves: dict[str, int] = {}

    def move(
        self,
        machine: Machine,
        state: State,
        event: str,
        *,
        source: str = "flyd",
        status: str = "",
        request: dict[str, Any] | None = None,
    ) -> None:
        """Put a machine into a state and write down why.

        Args:
            machine: what moves.
            state: the state it is in from now on.
            event: the event's type, such as start, stop, exit, update.
            source: who caused it: user, flyd or proxy.
            status: the event's status where it is not the state.
            request: details, such as the exit event.
        """
        self.cancel(machine)
        machine.state = state
        self.note(machine, event, source=source, status=status or state, request=request)

    def note(
        self,
        machine: Machine,
        event: str,
        *,
        source: str = "flyd",
        status: str = "",
        request: dict[str, Any] | None = None,
    ) -> None:
        """Write down an event that moves nothing."""
        now = self.world.clock.now()
        machine.updated_at = now
        entry = Event(
            id=self.world.records.ids.ulid(now),
            type=event,
            status=str(status or machine.state),
            source=source,
            at=now,
            request=request,
        )
        machine.events.insert(0, entry)
        del machine.events[_KEPT_EVENTS:]
        self.watchers.notify(machine)
        self.world.changed()

    def later(self, machine: Machine, delay_s: float, call: Callable[[Machine], None]) -> None:
        """Plan a call for a machine, unless it moves before; a declared slowness stretches the delay."""
        planned_in = self._moves.get(machine.id, 0)

        def still_so() -> None:
            if self._moves.get(machine.id, 0) == planned_in:
                call(machine)

        self.world.timeline.after(delay_s * self._slowness(machine), still_so)

    def cancel(self, machine: Machine) -> None:
        """Drop whatever is planned for a machine."""
        self._moves[machine.id] = self._moves.get(machine.id, 0) + 1

    def host_is_up(self, machine: Machine) -> bool:
        """Tell whether the machine's host is there to do anything."""
        host = self.world.records.hosts.get(machine.host_id)
        return host is not None and host.status == "ok"

    def _slowness(self, machine: Machine) -> float:
        fault = self.world.faults.active(
            FaultKind.SLOW_TRANSITIONS,
            region=machine.region,
            app=machine.app_name,
            machine=machine.id,
            host=machine.host_id,
        )
        return self.world.timings.slow * (fault.factor if fault else 1.0)
