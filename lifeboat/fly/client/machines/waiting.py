"""Waiting for a machine's state: slices of at most 60 s under one deadline, always for one version.

Between slices the machine is looked at, so that a stuck one is told from a slow one and a destroyed one from
both. Fly refuses longer slices, and a wait for `stopped` without a version (docs `machines/machine-states`).
"""

from __future__ import annotations

from collections.abc import Iterable

from lifeboat.fly.client.errors import FlyError, NotFound, NotNow, WaitTimeout
from lifeboat.fly.client.machines import operations
from lifeboat.fly.client.machines.reading import MachineReading
from lifeboat.fly.client.machines.watch import Wanted, Watch
from lifeboat.fly.client.models.machine import MachineState

LONGEST_SLICE_S = 60
APPEARING_S = 10.0
"""How long after the start of a wait a 404 may mean "not yet": the machine was just made."""

_LATER = (WaitTimeout, NotNow)


class MachineWaiting(MachineReading):
    """Waits for states."""

    def wait(
        self,
        app: str,
        machine_id: str,
        states: str | Iterable[str],
        *,
        instance_id: str | None = None,
        deadline_s: float = 300.0,
    ) -> str:
        """Wait until a machine is in one of `states` and return which.

        Args:
            app: the app's name.
            machine_id: which one.
            states: of started, stopped, suspended, destroyed, failed, settled.
            instance_id: the version that must reach it; the current one by default.
            deadline_s: seconds in all.

        Raises:
            WaitTimeout: not in time; it is slow.
            MachineStuck: it failed, or stays in a transient state past Fly's threshold.
            MachineNotFound: it is gone, and that was not waited for.
            Unavailable: Fly could not be asked until the deadline.
        """
        begun_s = self._http.clock.monotonic_s()
        wanted = Wanted(
            app=app,
            machine_id=machine_id,
            states=(states,) if isinstance(states, str) else tuple(states),
            version=instance_id or "",
        )
        watch = Watch(wanted)
        while True:
            left_s = deadline_s - (self._http.clock.monotonic_s() - begun_s)
            try:
                return self._step(wanted, watch, left_s)
            except _LATER as slow:
                failure: FlyError = slow
            except NotFound as missing:
                if wanted.is_the_end:
                    return MachineState.DESTROYED
                if missing.status is None or deadline_s - left_s > APPEARING_S:
                    raise
                failure = missing
            if deadline_s - (self._http.clock.monotonic_s() - begun_s) <= 0:
                raise failure
            self._http.clock.sleep(1.0)

    def _step(self, wanted: Wanted, watch: Watch, left_s: float) -> str:
        machine = self.get(wanted.app, wanted.machine_id)
        if watch.judge(machine, self._http.clock.now()):
            return machine.state
        if left_s <= 0:
            text = f"{wanted.subject}: {machine.state}, not {' or '.join(wanted.states)} in time"
            raise WaitTimeout(text)
        slice_s = max(1, min(LONGEST_SLICE_S, int(left_s)))
        params = {
            "state": list(wanted.states),
            "version": wanted.version or machine.instance_id or None,
            "timeout": slice_s,
        }
        where = (wanted.app, wanted.machine_id)
        answer = self._on(operations.WAIT, where, params=params, timeout_s=slice_s + 10.0)
        return str(answer.fields().get("state") or wanted.states[0])
