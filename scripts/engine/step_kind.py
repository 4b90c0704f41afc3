"""What a kind of step has to know: to look, to act, to undo, to prove. The engine does everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Protocol

from lifeboat.core.errors import ConfigError
from scripts.engine.context import Context
from scripts.engine.found import Found
from scripts.engine.json_values import Json
from scripts.engine.plan import Plan
from scripts.engine.step import Step
from scripts.engine.verification import Undone, Verification


class StepKind(Protocol):
    """A kind of step. One instance serves every run of a process; it keeps nothing between calls.

    All four are called again after a crash, in a process that knows only the plan and the journal; so they
    find their own traces in the world, by names and tags made from the step and `context.run_id`.
    """

    @property
    def name(self) -> str:
        """What `Step.kind` says."""
        ...

    def look(self, step: Step, context: Context) -> Found:
        """Look at the world; change nothing.

        Called before every `act` and `undo`, and after them until the answer is final. A step that only
        reads answers `absent`. What later steps need has to be in the result of `done`: the answer of
        `act` is lost with its process.

        Raises:
            StepFailed: the effect is there and can never become what was wanted.
            LifeboatError: any other one means `unknown`; retryable ones are tried again within the budget.
        """
        ...

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Do it: best one remote call that starts it; the engine waits by looking.

        Only called when the newest look said `absent`. What takes long in this process itself calls
        `context.checkpoint()` at every point at which it may be stopped.

        Returns:
            What was learned; for steps that only read, the result.
        """
        ...

    def undo(self, step: Step, context: Context) -> Undone:
        """Take it back: best one remote call; the engine waits until `look` says `absent`.

        `context.results` holds what the step gave, when it was done.
        """
        ...

    def verify(self, step: Step, context: Context) -> Verification:
        """Prove by looking at the world that the step gave what it promised; change nothing."""
        ...


class Kinds:
    """The kinds a procedure uses, by name."""

    def __init__(self, kinds: Iterable[StepKind]) -> None:
        self._kinds = MappingProxyType({kind.name: kind for kind in kinds})

    def of(self, step: Step) -> StepKind:
        """Return the kind of a step; `check` said that there is one."""
        return self._kinds[step.kind]

    def check(self, plan: Plan) -> None:
        """Make sure that every step of a plan has its kind, before the first one runs.

        Raises:
            ConfigError: names the kinds that are missing.
        """
        missing = sorted({step.kind for step in plan.steps} - set(self._kinds))
        if missing:
            raise ConfigError(
                f"plan {plan.procedure}: no step kind {', '.join(missing)} in this lifeboat",
                hint="use the release that made the plan, or make a new plan",
            )
