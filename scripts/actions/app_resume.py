"""Step kind: the machines that slept around a swap of their database run again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lifeboat.core.errors import Unverified
from lifeboat.fly.client import FlyClient
from scripts.actions.app_machines import AppMachines
from scripts.engine.context import Context
from scripts.engine.found import Found, absent, done
from scripts.engine.json_values import Json
from scripts.engine.step import Step
from scripts.engine.verification import Undone, Verification


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

    def _of(self, step: Step, context: Context) -> AppMachines:
        return AppMachines(fly=self._fly(), app=str(step.parameters["app"]), run_id=context.run_id)
