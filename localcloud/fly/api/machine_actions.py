"""What can be done to a machine: start, stop, suspend, restart, signal, cordon, uncordon.

Each answers at once and takes its time after; `wait` tells when it is done. Wire forms beyond Fly's
description: `{"ok": true}`, the answer of start, an integer as `signal` (fly-go).
"""

from __future__ import annotations

from localcloud.fly.api.machine_access import machine_to_change
from localcloud.fly.api.route import Answer, Call, Handler, Pace, Route
from localcloud.fly.machines.life import MachineLife
from localcloud.fly.machines.signals import any_signal

_PATH = "/v1/apps/{app_name}/machines/{machine_id}"
_OK = {"ok": True}


class MachineActions:
    """Handlers that need the life of machines."""

    def __init__(self, life: MachineLife) -> None:
        self._life = life

    def start(self, call: Call) -> Answer:
        """Start."""
        _, machine = machine_to_change(call)
        before = self._life.start(machine)
        return Answer(body={"previous_state": str(before), "migrated": False, "new_host": ""})

    def stop(self, call: Call) -> Answer:
        """Stop, by a signal of choice."""
        _, machine = machine_to_change(call)
        fields = call.fields()
        self._life.stop(machine, signal=fields.get("signal"), timeout=fields.get("timeout"))
        return Answer(body=dict(_OK))

    def suspend(self, call: Call) -> Answer:
        """Suspend."""
        _, machine = machine_to_change(call)
        self._life.suspend(machine)
        return Answer(body=dict(_OK))

    def restart(self, call: Call) -> Answer:
        """Restart; `force_stop` (flyctl) leaves the process no time."""
        _, machine = machine_to_change(call)
        signal = "SIGKILL" if call.flag("force_stop") else call.one("signal")
        self._life.restart(machine, signal=signal, timeout=call.one("timeout"))
        return Answer(body=dict(_OK))

    def signal(self, call: Call) -> Answer:
        """Send a signal."""
        _, machine = machine_to_change(call)
        self._life.signal(machine, any_signal(call.fields().get("signal")))
        return Answer(body=dict(_OK))

    def cordon(self, call: Call) -> Answer:
        """Keep the proxy away."""
        _, machine = machine_to_change(call)
        self._life.cordon(machine, True)
        return Answer(body=dict(_OK))

    def uncordon(self, call: Call) -> Answer:
        """Let the proxy come again."""
        _, machine = machine_to_change(call)
        self._life.cordon(machine, False)
        return Answer(body=dict(_OK))


def routes(life: MachineLife) -> tuple[Route, ...]:
    """Return the operations of this noun."""
    actions = MachineActions(life)
    handlers: dict[str, Handler] = {
        "start": actions.start,
        "stop": actions.stop,
        "suspend": actions.suspend,
        "restart": actions.restart,
        "signal": actions.signal,
        "cordon": actions.cordon,
        "uncordon": actions.uncordon,
    }
    return tuple(
        Route(
            method="POST",
            path=f"{_PATH}/{action}",
            operation_id=f"Machines_{action}",
            handler=handler,
            pace=Pace.MACHINE,
        )
        for action, handler in handlers.items()
    )
