"""Step kinds: an app's machines stand still around a swap of its database, and run again afterwards.

Cordon and stop, never scale to zero, which forgets sizes. Each machine is marked with the run before it is
touched, and the mark goes last; so whoever goes on wakes exactly those that were put to sleep, and a standby
that was stopped before stays so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lifeboat.core.errors import Unverified
from lifeboat.fly.client import FlyClient
from lifeboat.fly.client.models.machine import Machine
from scripts.engine.context import Context
from scripts.engine.found import Found, absent, done, underway
from scripts.engine.json_values import Json
from scripts.engine.step import Step
from scripts.engine.verification import Undone, Verification

MARK = "lifeboat_paused_by"
_AWAKE = frozenset({"creating", "started", "starting", "restarting", "updating", "replacing"})
_GOING = frozenset({"stopping", "suspending"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Machines:
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
        for machine in _awake(self.all()):
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


class PauseApp:
    """Puts an app's machines to sleep.

    Args:
        fly: returns the client of Fly.
    """

    name = "app-pause"

    def __init__(self, fly: Callable[[], FlyClient]) -> None:
        self._fly = fly

    def look(self, step: Step, context: Context) -> Found:
        """See whether anything runs."""
        machines = self._of(step, context).all()
        going = [machine.id for machine in machines if machine.state in _GOING]
        if _awake(machines):
            return absent()
        if going:
            return underway(f"machines {', '.join(going)} are stopping")
        marked = [one.id for one in machines if one.metadata.get(MARK) == context.run_id]
        return done({"machines": sorted(marked)})

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Put them to sleep.

        Effects: Fly machine metadata, cordon, stop.
        """
        return {"stopped": self._of(step, context).sleep(context)}

    def undo(self, step: Step, context: Context) -> Undone:
        """Wake them.

        Effects: Fly machine start, uncordon, metadata.
        """
        self._of(step, context).wake(context)
        return Undone(kept="the machines run again")

    def verify(self, step: Step, context: Context) -> Verification:
        """Nothing runs."""
        awake = _awake(self._of(step, context).all())
        return Verification(findings=tuple(f"machine {machine.id} runs" for machine in awake))

    def _of(self, step: Step, context: Context) -> _Machines:
        return _Machines(fly=self._fly(), app=str(step.parameters["app"]), run_id=context.run_id)


class WakeOnAbort:
    """Does nothing, and when it is undone wakes every machine that still sleeps because of the run.

    Pausing is many calls. A pause cut short and aborted looks as if nothing had been done, because something
    still runs; this step comes before it and is undone after it.

    Args:
        fly: returns the client of Fly.
    """

    name = "app-wake-on-abort"

    def __init__(self, fly: Callable[[], FlyClient]) -> None:
        self._fly = fly

    def look(self, step: Step, context: Context) -> Found:
        """There is nothing to do."""
        return done()

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Never called."""
        return {}

    def undo(self, step: Step, context: Context) -> Undone:
        """Wake them.

        Effects: Fly machine start, uncordon, metadata.
        """
        _Machines(fly=self._fly(), app=str(step.parameters["app"]), run_id=context.run_id).wake(context)
        return Undone(kept="the machines run again")

    def verify(self, step: Step, context: Context) -> Verification:
        """There is nothing to prove."""
        return Verification()


class ResumeApp:
    """Wakes the machines that the run put to sleep.

    Args:
        fly: returns the client of Fly.
    """

    name = "app-resume"

    def __init__(self, fly: Callable[[], FlyClient]) -> None:
        self._fly = fly

    def look(self, step: Step, context: Context) -> Found:
        """See whether any still sleeps."""
        return absent() if self._of(step, context).marked() else done()

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Wake them.

        Effects: Fly machine start, uncordon, metadata.
        """
        return {"started": self._of(step, context).wake(context)}

    def undo(self, step: Step, context: Context) -> Undone:
        """Put them to sleep again, for what comes before is going to be undone.

        Effects: Fly machine metadata, cordon, stop.
        """
        slept = self._of(step, context).sleep(context)
        return Undone() if slept else Undone(kept="no machine ran")

    def verify(self, step: Step, context: Context) -> Verification:
        """All that slept run, and the proxy sends requests to them.

        Raises:
            Unverified: retryable: one is not up yet.
        """
        paused = context.results[str(step.parameters["paused_by"])].get("machines")
        slept = {str(machine) for machine in paused} if isinstance(paused, tuple) else set()
        found = {machine.id: machine for machine in self._of(step, context).all()}
        late = [name for name in sorted(slept) if name in found and found[name].state != "started"]
        if late:
            raise Unverified(f"machines {', '.join(late)} do not run yet", retryable=True)
        gone = sorted(slept - set(found))
        cordoned = [name for name in sorted(slept & set(found)) if found[name].cordoned]
        findings = [f"machine {name} is gone" for name in gone]
        findings += [f"machine {name} is cordoned" for name in cordoned]
        return Verification(findings=tuple(findings))

    def _of(self, step: Step, context: Context) -> _Machines:
        return _Machines(fly=self._fly(), app=str(step.parameters["app"]), run_id=context.run_id)


def _awake(machines: tuple[Machine, ...]) -> list[Machine]:
    return [machine for machine in machines if machine.state in _AWAKE]
