"""Judges what a waiter sees of a machine between two slices: reached, gone, stuck or on its way.

No I/O: it is handed the machine and the moment. How long a state has lasted is what was seen here, or longer
when both the machine's last change and its newest event are older; one of them alone proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from lifeboat.fly.client.errors import MachineNotFound, MachineStuck
from lifeboat.fly.client.machines.stuck import is_stuck
from lifeboat.fly.client.models.machine import GONE_STATES, Machine, MachineState

SETTLED = "settled"
"""Stands, in a wait, for any state that nothing is under way in."""

_SETTLED_STATES = frozenset(
    {
        MachineState.CREATED,
        MachineState.STARTED,
        MachineState.STOPPED,
        MachineState.SUSPENDED,
        MachineState.FAILED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is waited for.

    Args:
        app: the app's name.
        machine_id: which machine.
        states: any of these will do; `settled` stands for several.
        version: the `instance_id` it must be of; empty for any.
    """

    app: str
    machine_id: str
    states: tuple[str, ...]
    version: str

    @property
    def subject(self) -> str:
        """The machine, for errors."""
        return f"machine {self.machine_id} of app {self.app}"

    @property
    def is_the_end(self) -> bool:
        """Whether a machine that is gone is what is waited for."""
        return MachineState.DESTROYED in self.states

    def accepts(self, machine: Machine) -> bool:
        """Tell whether a machine is where it should be."""
        if machine.state == MachineState.DESTROYED:
            return self.is_the_end
        reached = machine.state in self.states or (
            SETTLED in self.states and machine.state in _SETTLED_STATES
        )
        return reached and self.version in {"", machine.instance_id}


class Watch:
    """Follows one machine through a wait.

    Args:
        wanted: what is waited for.
    """

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._state = ""
        self._since: datetime | None = None

    def judge(self, machine: Machine, now: datetime) -> bool:
        """Tell whether the wait is over.

        Raises:
            MachineNotFound: the machine is gone or going, and that was not waited for.
            MachineStuck: it will not get there by itself.
        """
        if machine.state != self._state or self._since is None:
            self._state, self._since = machine.state, now
        if self._wanted.accepts(machine):
            return True
        if machine.state in GONE_STATES and not self._wanted.is_the_end:
            raise MachineNotFound(f"{self._wanted.subject}: it is {machine.state}")
        lasting_s = max((now - self._since).total_seconds(), _lasting_s(machine, now))
        of_this_version = self._wanted.version in {"", machine.instance_id}
        if of_this_version and is_stuck(machine.state, lasting_s):
            text = f"{self._wanted.subject}: {machine.state} for {lasting_s:.0f} s"
            raise MachineStuck(text, state=machine.state)
        return False


def _lasting_s(machine: Machine, now: datetime) -> float:
    if machine.updated_at is None or not machine.events:
        return 0.0
    newest_at = datetime.fromtimestamp(machine.events[0].timestamp / 1000, UTC)
    return max(0.0, (now - max(machine.updated_at, newest_at)).total_seconds())
