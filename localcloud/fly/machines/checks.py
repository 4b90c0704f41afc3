"""Health checks of running machines: really made, at their interval, and written into the machine's record.

A check starts as `warning`; a new machine is looked at often for its first seconds until it passes, then at
the check's interval; a failure counts only after the grace period. Light machines pass at once and are never
looked at. Checks move no state.
"""

from __future__ import annotations

import asyncio

from localcloud.fly.machines.check_probe import Finding, Prober
from localcloud.fly.machines.check_specs import CheckSpec, specs_of
from localcloud.fly.machines.running import Runner
from localcloud.fly.model import Machine
from localcloud.fly.model.machine import Check
from localcloud.fly.world import World

PASSING, WARNING, CRITICAL = "passing", "warning", "critical"
_FIRST_LOOKS_S = 0.25
_NEW_FOR_S = 10.0
_NO_STATUS = "waiting for status update"


class Checks:
    """Runs the checks of machines."""

    def __init__(self, world: World, runner: Runner) -> None:
        self._world = world
        self._runner = runner
        self._prober = Prober()
        self._rounds: dict[str, object] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, machine: Machine) -> None:
        """Start checking a machine whose process just started."""
        specs = specs_of(machine.config)
        machine.checks = {}
        for spec in specs:
            self._record(
                machine, spec, PASSING if machine.light else WARNING, "" if machine.light else _NO_STATUS
            )
        if specs and not machine.light:
            token = self._rounds[machine.id] = object()
            started_s = self._world.clock.monotonic_s()
            for spec in specs:
                self._plan(0.0, token, machine, spec, started_s)

    def end(self, machine: Machine) -> None:
        """Stop checking a machine; what was known of it no longer holds."""
        self._rounds.pop(machine.id, None)
        for check in machine.checks.values():
            check.status, check.output = CRITICAL, "the machine hasn't started"

    async def close(self) -> None:
        """Stop everything."""
        self._rounds.clear()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._prober.close()

    def _plan(
        self, delay_s: float, token: object, machine: Machine, spec: CheckSpec, started_s: float
    ) -> None:
        def look() -> None:
            if self._rounds.get(machine.id) is not token:
                return
            task = asyncio.get_running_loop().create_task(self._look(token, machine, spec, started_s))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        self._world.timeline.after(delay_s, look)

    async def _look(self, token: object, machine: Machine, spec: CheckSpec, started_s: float) -> None:
        finding = await self._prober.look(spec, self._runner.address_of(machine.id, spec.port))
        if self._rounds.get(machine.id) is not token:
            return
        age_s = self._world.clock.monotonic_s() - started_s
        status = _status(machine.checks[spec.name], finding, in_grace=age_s < spec.grace_s)
        self._record(machine, spec, status, finding.output if status != WARNING else _NO_STATUS)
        is_new = status != PASSING and age_s < _NEW_FOR_S
        pause_s = min(spec.interval_s, _FIRST_LOOKS_S) if is_new else spec.interval_s
        self._plan(pause_s, token, machine, spec, started_s)

    def _record(self, machine: Machine, spec: CheckSpec, status: str, output: str) -> None:
        known = machine.checks.get(spec.name)
        if known is None or (known.status, known.output) != (status, output):
            machine.checks[spec.name] = Check(
                name=spec.name, status=status, output=output, updated_at=self._world.clock.now()
            )
            self._world.changed()


def service_is_healthy(machine: Machine, internal_port: int) -> bool:
    """Tell whether every check of the services on an internal port passes; without checks it does.

    Args:
        machine: a machine; its state is the caller's to look at.
        internal_port: the service's.
    """
    gating = [spec.name for spec in specs_of(machine.config) if spec.service_port == internal_port]
    return all(name in machine.checks and machine.checks[name].status == PASSING for name in gating)


def _status(known: Check, finding: Finding, *, in_grace: bool) -> str:
    if finding.passing:
        return PASSING
    return WARNING if in_grace and known.status == WARNING else CRITICAL
