"""What machines do: start, stop, suspend, restart, be cordoned, run a command, be destroyed.

All of these can be repeated without harm except restart, signal and exec, whose lost answers are looked into
or said to be unknown. None of them waits for the state it leads to: that is `wait`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lifeboat.fly.client.answer import Answer
from lifeboat.fly.client.careful_write import CarefulWrite
from lifeboat.fly.client.errors import FlyError, NotFound, RateLimited, StillActive, UnknownOutcome
from lifeboat.fly.client.machines import operations
from lifeboat.fly.client.machines.reading import MachineReading
from lifeboat.fly.client.models.machine import Machine, MachineState
from lifeboat.fly.client.models.machine_detail import ExecResult
from lifeboat.fly.client.operation import Operation
from lifeboat.fly.client.repeating import is_ambiguous

SETTLING_S = 30.0
"""How long a start is tried while Fly says the machine is still going down or being replaced."""

_COMING_UP = frozenset({MachineState.STARTING, MachineState.STARTED, MachineState.RESTARTING})


class MachineRunning(MachineReading):
    """Runs machines."""

    def start(self, app: str, machine_id: str, *, nonce: str | None = None) -> None:
        """Start a machine; one that runs already is started.

        Raises:
            StillActive: it was still going down or being replaced after 30 s.
            Capacity: its host has no room now.
        """
        until_s = self._http.clock.monotonic_s() + SETTLING_S
        while True:
            try:
                self._on(operations.START, (app, machine_id), nonce=nonce)
                return
            except StillActive:
                if self.get(app, machine_id).state in _COMING_UP:
                    return
                if self._http.clock.monotonic_s() >= until_s:
                    raise
            self._http.clock.sleep(1.0)

    def stop(
        self,
        app: str,
        machine_id: str,
        *,
        nonce: str | None = None,
        signal: str | None = None,
        timeout_s: int | None = None,
    ) -> None:
        """Ask a machine to stop: `signal` (SIGINT by default), and SIGKILL after `timeout_s`."""
        fields = {"signal": signal, "timeout": None if timeout_s is None else f"{timeout_s}s"}
        body = {key: value for key, value in fields.items() if value is not None}
        self._on(operations.STOP, (app, machine_id), nonce=nonce, body=body)

    def suspend(self, app: str, machine_id: str, *, nonce: str | None = None) -> None:
        """Suspend a machine to a snapshot of its memory (at most 2 GB, no swap, no schedule)."""
        self._on(operations.SUSPEND, (app, machine_id), nonce=nonce)

    def restart(
        self, app: str, machine_id: str, *, nonce: str | None = None, timeout_s: int | None = None
    ) -> None:
        """Restart a machine once; after a lost answer its events say whether it did.

        Raises:
            UnknownOutcome: it may or may not have restarted.
        """
        before = self.get(app, machine_id)
        params = {"timeout": None if timeout_s is None else f"{timeout_s}s"}
        CarefulWrite(
            subject=f"machine {machine_id} of app {app}",
            send=lambda: bool(self._on(operations.RESTART, (app, machine_id), nonce=nonce, params=params)),
            look=lambda: _has_moved(before, self.get(app, machine_id)),
        ).run(self._http)

    def signal(self, app: str, machine_id: str, signal: str, *, nonce: str | None = None) -> None:
        """Send a signal, such as SIGHUP, to a machine's process.

        Raises:
            UnknownOutcome: it may or may not have been sent.
        """
        self._once(operations.SIGNAL, (app, machine_id), nonce, {"signal": signal})

    def cordon(self, app: str, machine_id: str, *, nonce: str | None = None) -> None:
        """Keep the proxy's new requests away from a machine."""
        self._on(operations.CORDON, (app, machine_id), nonce=nonce)

    def uncordon(self, app: str, machine_id: str, *, nonce: str | None = None) -> None:
        """Let the proxy send requests to a machine again."""
        self._on(operations.UNCORDON, (app, machine_id), nonce=nonce)

    def destroy(self, app: str, machine_id: str, *, nonce: str | None = None, force: bool = False) -> None:
        """Destroy a machine for good; one that does not exist is destroyed.

        On a dead host the machine stays `destroying` until the host returns.

        Args:
            app: the app's name.
            machine_id: which one.
            nonce: of the lease it is done under.
            force: also when it runs.
        """
        # Fly's description says `force`, its own tool sends `kill`: both, so that either reading is served.
        params = {"force": True, "kill": True} if force else {}
        try:
            self._on(operations.DESTROY, (app, machine_id), nonce=nonce, params=params)
        except NotFound:
            return

    def exec(
        self,
        app: str,
        machine_id: str,
        command: Sequence[str],
        *,
        stdin: str | None = None,
        timeout_s: int = 60,
    ) -> ExecResult:
        """Run a command in a machine and return its exit code and output.

        Raises:
            PreconditionFailed: the machine is not running.
            UnknownOutcome: it may or may not have run.
        """
        body = {"command": list(command), "timeout": timeout_s, **({"stdin": stdin} if stdin else {})}
        answer = self._once(operations.EXEC, (app, machine_id), None, body, timeout_s + 10.0)
        return answer.read(ExecResult)

    def _once(
        self,
        operation: Operation,
        where: tuple[str, str],
        nonce: str | None,
        body: dict[str, Any],
        timeout_s: float | None = None,
    ) -> Answer:
        try:
            return self._on(operation, where, nonce=nonce, body=body, timeout_s=timeout_s)
        except FlyError as error:
            if isinstance(error, RateLimited) or not is_ambiguous(error):
                raise
            text = f"machine {where[1]} of app {where[0]}: whether it was done is unknown: {error.message}"
            unknown = UnknownOutcome(text, origin=error.origin)
        raise unknown


def _has_moved(before: Machine, now: Machine) -> bool | None:
    return True if _trace(before) != _trace(now) else None


def _trace(machine: Machine) -> tuple[str, datetime | None, str]:
    newest = machine.events[0].id if machine.events else ""
    return machine.state, machine.updated_at, newest
