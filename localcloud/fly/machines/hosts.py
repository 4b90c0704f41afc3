"""A host that is lost, and one that comes back.

Lost: its processes are gone at once, the records stay as they were last seen, the machines' standbys start.
Back: every machine becomes again what it was wanted to be, on the version it had; what was to be destroyed
meanwhile is. The same settling brings everything up again after the emulator itself was away.
"""

from __future__ import annotations

from localcloud.fly.machines.boot import Boot
from localcloud.fly.machines.halt import Halt
from localcloud.fly.machines.stage import Stage
from localcloud.fly.model import Machine, State

_RESTS = frozenset({State.STOPPED, State.CREATED})
_EVENTS = {State.CREATED: "launch", State.FAILED: "launch", State.SUSPENDED: "suspend"}


class Hosts:
    """Takes hosts away and gives them back."""

    def __init__(self, stage: Stage, boot: Boot, halt: Halt) -> None:
        self._stage = stage
        self._boot = boot
        self._halt = halt

    def lost(self, host_id: str) -> None:
        """Lose a host."""
        self._stage.world.records.hosts[host_id].status = "unreachable"
        lost = self._machines_on(host_id)
        for machine in lost:
            self._stage.cancel(machine)
            self._halt.kill_process(machine)
        for machine in lost:
            if machine.wanted is State.STARTED:
                self._start_standbys(machine)
        self._stage.world.changed()

    def back(self, host_id: str) -> None:
        """Give a host back."""
        self._stage.world.records.hosts[host_id].status = "ok"
        for machine in self._machines_on(host_id):
            self.settle(machine)
        self._stage.world.changed()

    def settle(self, machine: Machine) -> None:
        """Bring a machine, whose host was away, to the state it is wanted in; its process is gone."""
        if machine.wanted is State.DESTROYED:
            self._halt.finish_destroy(machine)
        elif machine.wanted is State.STARTED:
            if not (machine.light and machine.state is State.STARTED):
                self._boot.launch(machine)
        elif machine.state is not machine.wanted:
            self._stage.move(machine, machine.wanted, _EVENTS.get(machine.wanted, "stop"))

    def _machines_on(self, host_id: str) -> list[Machine]:
        return [m for m in self._stage.world.machines() if m.host_id == host_id and m.state.is_live]

    def _start_standbys(self, lost: Machine) -> None:
        app = self._stage.world.apps[lost.app_name]
        for machine in app.machines.values():
            stands_by = lost.id in (machine.config.get("standbys") or ())
            if stands_by and machine.state in _RESTS and self._stage.host_is_up(machine):
                self._boot.launch(machine)
