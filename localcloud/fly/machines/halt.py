"""Bringing a machine down: stopped, suspended, or destroyed.

    started ─► stopping ─(signal, then SIGKILL after the timeout)─► stopped
    started ─► suspending ─(SIGSTOP)─► suspended
    any ─► destroying ─► destroyed, its volume free again

On a dead host a machine stays `destroying` until the host is back.
"""

from __future__ import annotations

from dataclasses import dataclass
from signal import SIGKILL, SIGSTOP

from localcloud.fly.machines.checks import Checks
from localcloud.fly.machines.config_defaults import STOP_TIMEOUT_S
from localcloud.fly.machines.durations import seconds_of
from localcloud.fly.machines.root_directory import remove_root
from localcloud.fly.machines.running import Runner
from localcloud.fly.machines.signals import stop_signal
from localcloud.fly.machines.stage import Stage
from localcloud.fly.model import Machine, State
from localcloud.fly.wire_error import WireError

_LOOK_AGAIN_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a process is asked to end: a signal, and the seconds until it is killed."""

    signal: int
    timeout_s: float


def how_to_end(machine: Machine, *, signal: object = None, timeout: object = None) -> Ending:
    """Return how to end a machine's process; what is not given comes from its `stop_config`.

    Raises:
        WireError: 400.
    """
    kept = machine.config.get("stop_config") or {}
    try:
        timeout_s = seconds_of(timeout or kept.get("timeout"), STOP_TIMEOUT_S)
    except ValueError as error:
        raise WireError(400, f"invalid_argument: timeout: {error}") from error
    return Ending(signal=stop_signal(signal or kept.get("signal")), timeout_s=timeout_s)


class Halt:
    """Stops, suspends and destroys machines."""

    def __init__(self, stage: Stage, runner: Runner, checks: Checks) -> None:
        self._stage = stage
        self._runner = runner
        self._checks = checks

    def stop(
        self, machine: Machine, *, signal: object = None, timeout: object = None, source: str = "user"
    ) -> None:
        """Stop a machine; what is not given comes from its `stop_config`.

        Raises:
            WireError: 400, no such signal or timeout; nothing was done.
        """
        how = how_to_end(machine, signal=signal, timeout=timeout)
        machine.wanted = State.STOPPED
        self._stage.move(machine, State.STOPPING, "stop", source=source)
        if not self.end_process(machine, how):
            self._stage.later(machine, self._stage.world.timings.stop_s, self._stopped)

    def end_process(self, machine: Machine, how: Ending) -> bool:
        """Ask the process to end and stop checking it; False when there is none, and no exit will come."""
        self._checks.end(machine)
        if not self._runner.is_running(machine.id):
            return False
        self._runner.stop(machine.id, signal=how.signal, timeout_s=how.timeout_s)
        return True

    def let_go(self, machine: Machine) -> None:
        """Stop checking a machine whose process ended by itself."""
        self._checks.end(machine)

    def kill_process(self, machine: Machine) -> None:
        """End the process at once, if there is one."""
        self._checks.end(machine)
        self._runner.stop(machine.id, signal=SIGKILL, timeout_s=0)

    def suspend(self, machine: Machine, *, source: str = "user") -> None:
        """Suspend a machine: its process keeps its memory and gets no time."""
        machine.wanted = State.SUSPENDED
        self._stage.move(machine, State.SUSPENDING, "suspend", source=source)
        self._checks.end(machine)
        self._stage.later(machine, self._stage.world.timings.suspend_s, self._suspended)

    def destroy(self, machine: Machine, *, source: str = "user") -> None:
        """Destroy a machine; nothing happens on a host that is not there until it is back."""
        machine.wanted = State.DESTROYED
        self._stage.move(machine, State.DESTROYING, "destroy", source=source)
        if self._stage.host_is_up(machine):
            self.finish_destroy(machine)

    def finish_destroy(self, machine: Machine) -> None:
        """Do the rest of a destroy, on a host that is there."""
        self.kill_process(machine)
        self._stage.later(machine, self._stage.world.timings.destroy_s, self._destroyed)

    def _stopped(self, machine: Machine) -> None:
        self._stage.move(machine, State.STOPPED, "stop")

    def _suspended(self, machine: Machine) -> None:
        self._runner.signal(machine.id, SIGSTOP)
        self._stage.move(machine, State.SUSPENDED, "suspend")

    def _destroyed(self, machine: Machine) -> None:
        if self._runner.is_running(machine.id):
            self._stage.later(machine, _LOOK_AGAIN_S, self._destroyed)
            return
        app = self._stage.world.apps.get(machine.app_name)
        for volume in app.volumes.values() if app else ():
            if volume.attached_machine_id == machine.id:
                volume.attached_machine_id = ""
        remove_root(self._stage.world, machine)
        machine.lease = None
        machine.destroyed_at = self._stage.world.clock.now()
        self._stage.move(machine, State.DESTROYED, "destroy")
