"""The machines of one app that a run puts to sleep and wakes again.

Cordon and stop, never scale to zero, which forgets sizes. Each machine is marked with the run before it is
touched, and the mark goes last; so whoever goes on wakes exactly those that were put to sleep, and a standby
that was stopped before stays so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lifeboat.fly.client import FlyClient
from lifeboat.fly.client.models.machine import Machine
from scripts.engine.context import Context

MARK = "lifeboat_paused_by"
_AWAKE = frozenset({"creating", "started", "starting", "restarting", "updating", "replacing"})
GOING = frozenset({"stopping", "suspending"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AppMachines:
    """The machines of one app, for one run."""

    fly: FlyClient
    app: str
    run_id: str

    def all(self) -> tuple[Machine, ...]:
        """Return those that count, believing no single list."""
        return self.fly.machines.list_carefully(self.app)

    def marked(self) -> tuple[Machine, ...]:
        """Return those this run put to sleep."""
        return tuple(one for one in self.all() if one.metadata.get(MARK) == self.run_id)

    def sleep(self, context: Context) -> list[str]:
        """Mark, cordon and stop every machine that runs."""
        stopped = []
        for machine in awake(self.all()):
            context.checkpoint()
            self.fly.machines.set_metadata(self.app, machine.id, MARK, self.run_id)
            self.fly.machines.cordon(self.app, machine.id)
            self.fly.machines.stop(self.app, machine.id)
            stopped.append(machine.id)
        return stopped

    def wake(self, context: Context) -> list[str]:
        """Start and uncordon every marked machine, then take the mark away."""
        started = []
        for machine in self.marked():
            context.checkpoint()
            self.fly.machines.start(self.app, machine.id)
            self.fly.machines.uncordon(self.app, machine.id)
            self.fly.machines.delete_metadata(self.app, machine.id, MARK)
            started.append(machine.id)
        return started


def awake(machines: Sequence[Machine]) -> list[Machine]:
    """Return the machines that run or are about to."""
    return [machine for machine in machines if machine.state in _AWAKE]
