"""Waiting until a machine serves: started in its version, its service checks passing.

Only service checks count, because only they gate routing. A machine without any must run for a short while
without an exit. One that exits again and again is given up at once instead of at the deadline.
"""

from __future__ import annotations

from lifeboat.fly.client import errors
from lifeboat.fly.client.models.machine import Machine, MachineState
from lifeboat.fly.provider.groups.failure import MachineUnhealthy
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.observing import (
    called,
    declared_service_checks,
    failing_service_checks,
    member_of,
    unrequested_exits,
)
from lifeboat.fly.provider.groups.site import Site

_TOO_MANY_EXITS = 3
_SLICE_S = 2.0
_OVER = frozenset({MachineState.FAILED, MachineState.STOPPED, MachineState.SUSPENDED})


def wait_serving(site: Site, machine_id: str, instance_id: str, *, exits_before: int = 0) -> Member:
    """Wait until a machine serves, and return it as it is then.

    Args:
        site: the work.
        machine_id: which one; it was told to start.
        instance_id: the version that is meant.
        exits_before: exits of this version that happened before it was told.

    Raises:
        MachineUnhealthy: it does not serve within the group's time limit, or never will.
        MachineStuck: its host does not get it started.
    """
    return _Watch(site, machine_id, instance_id, exits_before).run()


class _Watch:
    def __init__(self, site: Site, machine_id: str, instance_id: str, exits_before: int) -> None:
        self._site = site
        self._id = machine_id
        self._instance_id = instance_id
        self._exits_before = exits_before
        self._deadline_s = site.clock.monotonic_s() + site.desired.wait_timeout_s

    def run(self) -> Member:
        found = self._started()
        since_s = self._site.clock.monotonic_s()
        while not self._serves(found, self._site.clock.monotonic_s() - since_s):
            self._refuse_late(found)
            self._site.clock.sleep(self._site.patience.poll_s)
            found = self._look()
        return member_of(found)

    def _started(self) -> Machine:
        while True:
            try:
                self._site.client.machines.wait(
                    self._site.app,
                    self._id,
                    (MachineState.STARTED,),
                    instance_id=self._instance_id,
                    deadline_s=min(_SLICE_S, self._left_s()),
                )
                return self._look()
            except errors.WaitTimeout:
                self._refuse_late(self._look())

    def _serves(self, found: Machine, running_s: float) -> bool:
        if found.state != MachineState.STARTED:
            return False
        if not declared_service_checks(found):
            return running_s >= self._site.patience.smoke_s
        return member_of(found).checks_passing is True

    def _look(self) -> Machine:
        found = self._site.client.machines.get(self._site.app, self._id)
        exits = unrequested_exits(found) - self._exits_before
        limit = _TOO_MANY_EXITS if declared_service_checks(found) else 1
        if found.state in _OVER or not found.is_live or exits >= limit:
            times = f"exited {exits} times" if exits > 1 else "exited" if exits else "does not run"
            raise MachineUnhealthy(f"{called(found)} {times} and is {found.state}")
        return found

    def _refuse_late(self, found: Machine) -> None:
        if self._left_s() <= 0:
            raise MachineUnhealthy(
                f"{called(found)} does not serve after {self._site.desired.wait_timeout_s:.0f} s: "
                f"{_complaint(found)}"
            )

    def _left_s(self) -> float:
        return self._deadline_s - self._site.clock.monotonic_s()


def _complaint(machine: Machine) -> str:
    if machine.state != MachineState.STARTED:
        return f"it is {machine.state}"
    failing = failing_service_checks(machine)
    return "; ".join(failing) or "its service checks have no result yet"
