"""The machines of an app as the edge sees them: who can take a request, who soon could, who may be woken.

A machine takes requests when it is started, not cordoned, its checks pass, and the edge can see its host:
neither the host nor the region is declared lost. A half-dead region looks well from here; it hangs later.
"""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.fly.faults.board import FaultKind, FaultSpec
from localcloud.fly.machines.checks import service_is_healthy
from localcloud.fly.model import App, Machine, State
from localcloud.fly.proxy.candidates import Candidate, distance_km, ordered
from localcloud.fly.proxy.load import Load
from localcloud.fly.proxy.service import Service, service_of
from localcloud.fly.proxy.wish import Wish
from localcloud.fly.world import World

_COMING = frozenset({State.CREATING, State.STARTING, State.RESTARTING, State.REPLACING, State.UPDATING})
_NEW_S = 10.0
_ASLEEP = (State.SUSPENDED, State.STOPPED)
"""The quicker to wake first."""


class Field:
    """Looks at the records anew for every question; changes nothing."""

    def __init__(self, world: World, load: Load, edge_region: str) -> None:
        self._world = world
        self._load = load
        self._edge_region = edge_region

    def takes_requests(self, machine: Machine) -> bool:
        """Tell whether a machine can be sent a request now."""
        service = service_of(machine.config)
        return service is not None and self._in_sight(machine) and _is_up(machine, service)

    def choose(self, app: App, wish: Wish, edge_region: str, tried: set[str]) -> Machine | None:
        """Return the best machine for a request, None when none can take it now."""
        candidates = [
            self._candidate(machine, service)
            for machine, service in self._allowed(app, wish)
            if machine.id not in tried and _is_up(machine, service)
        ]
        best = ordered(candidates, wish, edge_region or self._edge_region)
        return app.machines[best[0].machine_id] if best else None

    def is_crowded(self, app: App, wish: Wish) -> bool:
        """Tell whether every machine that takes requests is at its soft limit."""
        return all(
            self._load.of(machine.id) >= service.soft_limit
            for machine, service in self._allowed(app, wish)
            if _is_up(machine, service)
        )

    def may_come(self, app: App, wish: Wish) -> bool:
        """Tell whether waiting makes sense: a machine is on its way, full, or so new that it may pass."""
        return any(
            machine.state in _COMING
            or _is_up(machine, service)
            or (machine.state is State.STARTED and self._is_new(machine))
            for machine, service in self._allowed(app, wish)
        )

    def is_waking(self, app: App, wish: Wish) -> bool:
        """Tell whether a machine is being started already."""
        return any(machine.state is State.STARTING for machine, _ in self._allowed(app, wish))

    def sleepers(self, app: App, wish: Wish, edge_region: str) -> list[Machine]:
        """Return the machines a request may start, best first."""
        found = [
            machine
            for machine, service in self._allowed(app, wish)
            if service.autostart and machine.state in _ASLEEP and not self.is_leased(machine)
        ]
        return sorted(
            found,
            key=lambda machine: (
                machine.id != wish.instance,
                wish.rank(machine.region),
                distance_km(edge_region or self._edge_region, machine.region),
                _ASLEEP.index(machine.state),
                machine.id,
            ),
        )

    def is_leased(self, machine: Machine) -> bool:
        """Tell whether somebody else is changing a machine, so that the edge must leave its state alone."""
        return machine.lease is not None and machine.lease.expires_at > self._world.clock.now()

    def hangs(self, machine: Machine) -> FaultSpec | None:
        """Return the fault that swallows connections to a machine, if there is one."""
        return self._fault(FaultKind.REGION_HALF_DEAD, machine)

    def _allowed(self, app: App, wish: Wish) -> Iterator[tuple[Machine, Service]]:
        for machine in app.machines.values():
            is_there = machine.state.is_live and not machine.light
            service = service_of(machine.config) if is_there else None
            if service and wish.allows(machine.id, machine.region) and self._in_sight(machine):
                yield machine, service

    def _in_sight(self, machine: Machine) -> bool:
        host = self._world.records.hosts.get(machine.host_id)
        if machine.cordoned or host is None or host.status != "ok":
            return False
        lost = (FaultKind.REGION_DOWN, FaultKind.HOST_LOST)
        return not any(self._fault(kind, machine) for kind in lost)

    def _fault(self, kind: FaultKind, machine: Machine) -> FaultSpec | None:
        return self._world.faults.active(
            kind, region=machine.region, host=machine.host_id, app=machine.app_name, machine=machine.id
        )

    def _is_new(self, machine: Machine) -> bool:
        """Tell whether a machine just changed: its first checks often come before it listens."""
        return (self._world.clock.now() - machine.updated_at).total_seconds() < _NEW_S

    def _candidate(self, machine: Machine, service: Service) -> Candidate:
        return Candidate(
            machine_id=machine.id,
            region=machine.region,
            load=self._load.of(machine.id),
            soft_limit=service.soft_limit,
            hard_limit=service.hard_limit,
            last_chosen=self._load.last_chosen(machine.id),
        )


def _is_up(machine: Machine, service: Service) -> bool:
    return machine.state is State.STARTED and service_is_healthy(machine, service.internal_port)
