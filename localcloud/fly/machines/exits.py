"""What follows when a machine's process ended: asked for or not.

    stopping                 ─► stopped
    restarting, replacing    ─► what was begun goes on
    destroying, host lost    ─► nothing; who began it sees to it
    by itself                ─► again after a pause (restart policy), destroyed (auto_destroy), or stopped

Source: docs `machines/guides-examples/machine-restart-policy`, flyctl's reading of exit events.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from localcloud.fly.machines.boot import Boot
from localcloud.fly.machines.halt import Halt
from localcloud.fly.machines.restart_policy import Verdict, decide, recent
from localcloud.fly.machines.running import Exit
from localcloud.fly.machines.stage import Stage
from localcloud.fly.model import Machine, State

_NOTHING_FOLLOWS = frozenset(
    {State.DESTROYING, State.DESTROYED, State.STOPPED, State.CREATED, State.LAUNCH_FAILED, State.FAILED}
)


class Exits:
    """Reads exits and moves the machines.

    Args:
        stage: moves machines.
        boot: starts them again.
        halt: destroys the ones that are to destroy themselves.
        begun: what goes on after the old process is gone, by the state that waits for it.
    """

    def __init__(
        self, stage: Stage, boot: Boot, halt: Halt, begun: Mapping[State, Callable[[Machine], None]]
    ) -> None:
        self._stage = stage
        self._boot = boot
        self._halt = halt
        self._begun = begun

    def on_exit(self, ended: Exit) -> None:
        """Act on the end of a process."""
        machine = self._stage.world.find_machine(ended.machine_id)
        if machine is None or not self._stage.host_is_up(machine):
            return
        if machine.state in _NOTHING_FOLLOWS:
            return
        if machine.state is State.STOPPING:
            self._stage.move(machine, State.STOPPED, "exit", request=self._request(ended))
        elif machine.state in self._begun:
            request = self._request(ended, restarting=machine.state is State.RESTARTING)
            self._stage.note(machine, "exit", status=State.STOPPED, request=request)
            self._begun[machine.state](machine)
        else:
            self._by_itself(machine, ended)

    def _by_itself(self, machine: Machine, ended: Exit) -> None:
        self._halt.let_go(machine)
        now = self._stage.world.clock.now()
        verdict = decide(
            machine.config["restart"], exit_code=ended.exit_code, earlier=machine.exit_moments, now=now
        )
        machine.exit_moments = [*recent(machine.exit_moments, now), now]
        request = self._request(ended, restarting=verdict.restart, tries=verdict.tries)
        if verdict.restart:
            self._again(machine, verdict, request)
            return
        machine.wanted = State.STOPPED
        self._stage.move(machine, State.STOPPED, "exit", request=request)
        if machine.config.get("auto_destroy"):
            self._halt.destroy(machine, source="flyd")

    def _again(self, machine: Machine, verdict: Verdict, request: dict[str, Any]) -> None:
        self._stage.move(machine, State.STARTING, "exit", status=State.STOPPED, request=request)
        self._stage.later(machine, verdict.pause_s, self._boot.run)

    def _request(self, ended: Exit, *, restarting: bool = False, tries: int = 0) -> dict[str, Any]:
        by_signal = ended.signal > 0
        event = {
            "exit_code": ended.exit_code,
            "guest_exit_code": 0 if by_signal else ended.exit_code,
            "guest_signal": ended.signal if by_signal else -1,
            "signal": ended.signal if by_signal else -1,
            "oom_killed": ended.oom_killed,
            "requested_stop": ended.requested,
            "restarting": restarting,
            "exited_at": self._stage.world.clock.now().isoformat().replace("+00:00", "Z"),
        }
        return {"exit_event": event, "restart_count": tries}
