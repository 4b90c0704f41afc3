"""Step kinds: an app's machines sleep around a swap of its database, and an abort wakes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lifeboat.fly.client import FlyClient
from scripts.actions.app_machines import GOING, MARK, AppMachines, awake
from scripts.engine.context import Context
from scripts.engine.found import Found, absent, done, underway
from scripts.engine.json_values import Json
from scripts.engine.step import Step
from scripts.engine.verification import Undone, Verification


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
        going = [machine.id for machine in machines if machine.state in GOING]
        if awake(machines):
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
        running = awake(self._of(step, context).all())
        return Verification(findings=tuple(f"machine {machine.id} runs" for machine in running))

    def _of(self, step: Step, context: Context) -> AppMachines:
        return AppMachines(fly=self._fly(), app=str(step.parameters["app"]), run_id=context.run_id)


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
        AppMachines(fly=self._fly(), app=str(step.parameters["app"]), run_id=context.run_id).wake(context)
        return Undone(kept="the machines run again")

    def verify(self, step: Step, context: Context) -> Verification:
        """There is nothing to prove."""
        return Verification()
