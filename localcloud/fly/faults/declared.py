"""Declaring and withdrawing faults, with what some of them do at once.

Most faults only wait for a request to meet them. A lost host takes its processes with it and gives them back
when the fault is withdrawn; a left lease is on the machine from the first moment and ends by its own expiry.
"""

from __future__ import annotations

from datetime import timedelta
from fnmatch import fnmatchcase

from lifeboat.core.errors import ConfigError
from localcloud.fly.faults.board import FaultKind, FaultSpec
from localcloud.fly.machines.life import MachineLife
from localcloud.fly.model import Host, Lease, Machine
from localcloud.fly.openapi.description import operations
from localcloud.fly.regions import LIVING
from localcloud.fly.world import World

_GONE_CLIENT = "killed-client@tokens.fly.io"


class DeclaredFaults:
    """The door to the fault board for whoever declares."""

    def __init__(self, world: World, life: MachineLife) -> None:
        self._world = world
        self._life = life
        self._lost: dict[int, list[str]] = {}

    def declare(self, spec: FaultSpec) -> int:
        """Declare a fault, let it do what it does at once, and return its id.

        Raises:
            ConfigError: it names a region, a host or an operation that there is not: it would never strike.
        """
        self._check(spec)
        fault_id = self._world.faults.declare(spec)
        if spec.kind is FaultKind.HOST_LOST:
            self._lost[fault_id] = [host.id for host in self._hosts(spec)]
            for host_id in self._lost[fault_id]:
                self._life.host_lost(host_id)
        elif spec.kind is FaultKind.LEASE_LEFT:
            for machine in self._machines(spec):
                self._leave_lease(machine, spec.delay_s)
        return fault_id

    def forget(self, fault_id: int | None = None) -> int:
        """Withdraw one fault or all and return how many; hosts that no other fault holds come back."""
        forgotten = self._world.faults.forget(fault_id)
        doomed = list(self._lost) if fault_id is None else [fault_id] * (fault_id in self._lost)
        back = {host_id for key in doomed for host_id in self._lost.pop(key)}
        still_lost = {host_id for held in self._lost.values() for host_id in held}
        for host_id in sorted(back - still_lost):
            self._life.host_back(host_id)
        return forgotten

    def reset(self) -> None:
        """Forget every fault without giving anything back: the world it was about is gone."""
        self._world.faults.forget()
        self._lost.clear()

    def _check(self, spec: FaultSpec) -> None:
        known = {
            "region": LIVING,
            "host": tuple(self._world.records.hosts),
            "action": tuple(operations()),
        }
        for field, names in known.items():
            pattern: str = getattr(spec, field)
            if pattern and not any(fnmatchcase(name, pattern) for name in names):
                raise ConfigError(f"{field}: there is no {field} {pattern!r} in the local Fly")

    def _hosts(self, spec: FaultSpec) -> list[Host]:
        """Return the hosts a fault names; with an app or a machine, those that carry it."""
        hosts = [host for host in self._world.records.hosts.values() if _names_host(spec, host)]
        if not (spec.app or spec.machine):
            return hosts
        carrying = {machine.host_id for machine in self._machines(spec)}
        return [host for host in hosts if host.id in carrying]

    def _machines(self, spec: FaultSpec) -> list[Machine]:
        return [
            machine
            for machine in self._world.machines()
            if machine.state.is_live
            and fnmatchcase(machine.app_name, spec.app or "*")
            and fnmatchcase(machine.id, spec.machine or "*")
            and fnmatchcase(machine.region, spec.region or "*")
            and fnmatchcase(machine.host_id, spec.host or "*")
        ]

    def _leave_lease(self, machine: Machine, length_s: float) -> None:
        machine.lease = Lease(
            nonce=self._world.records.ids.text(12),
            owner=_GONE_CLIENT,
            description="left behind by a client that was killed",
            expires_at=self._world.clock.now() + timedelta(seconds=length_s),
            version=machine.version.id,
        )
        self._world.changed()


def _names_host(spec: FaultSpec, host: Host) -> bool:
    return fnmatchcase(host.id, spec.host or "*") and fnmatchcase(host.region, spec.region or "*")
