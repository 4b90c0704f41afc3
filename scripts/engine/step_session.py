"""One step in the hands of the runner: its context, its looks, its patience. Directions are elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from lifeboat.core.errors import LifeboatError, StepFailed
from scripts.engine.context import Context
from scripts.engine.event import EventKind
from scripts.engine.found import Found, Sight, unknown
from scripts.engine.interruptions import BudgetSpent, Interrupted
from scripts.engine.journal import Journal
from scripts.engine.json_values import Json, JsonObject
from scripts.engine.lease import Lease, LeaseLost
from scripts.engine.plan import Plan
from scripts.engine.run_state import StepState
from scripts.engine.step import Step
from scripts.engine.step_kind import StepKind
from scripts.engine.workplace import Workplace

STOPS = (LeaseLost, Interrupted)
"""What ends the run wherever it is; never taken for a failure of the step."""
WARN_AT = 0.8
"""Part of the budget after which the operator is warned (dr.md D14)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInHand:
    """A run whose lease this process holds."""

    workplace: Workplace
    plan: Plan
    lease: Lease
    journal: Journal


class StepSession:
    """What both directions need to work on one step."""

    def __init__(self, run: RunInHand, step: Step) -> None:
        self.run = run
        self.step = step
        self.kind: StepKind = run.workplace.kinds.of(step)
        self._began_s = run.workplace.clock.monotonic_s()
        self._warned = False

    @property
    def state(self) -> StepState:
        """Where the step stands by the journal."""
        return self.run.journal.state.steps[self.step.id]

    @property
    def context(self) -> Context:
        """What the kind may know now."""
        return Context(
            step_id=self.step.id,
            run_id=self.run.journal.run_id,
            token=self.run.lease.record.token,
            clock=self.run.workplace.clock,
            budget_s=self.step.budget_s,
            began_s=self._began_s,
            results=self.run.journal.state.results,
            guard=self._guard,
            write_note=self._note,
        )

    def write(self, kind: EventKind, **data: Json) -> None:
        """Write an event about this step."""
        self.run.journal.append(kind, self.step.id, **data)

    def look(self) -> Found:
        """Look at the world; what is new is written down before anything is done about it.

        Raises:
            StepFailed: the kind says that it can never become what was wanted.
        """
        found = self._ask()
        if found.sight != self.state.look:
            self.write(EventKind.STEP_LOOKED, found=found.sight.value, reason=found.reason)
        return found

    def look_until_settled(self, found: Found, *, before: Sight | None) -> Found:
        """Look until the answer is final.

        Args:
            found: the newest answer.
            before: what the world showed before a call that succeeded; it may show it a while longer. None
                when no call was made.

        Returns:
            The final answer; `before` itself when the world has not changed within `settle_s`.

        Raises:
            BudgetSpent: it is still underway.
        """
        clock, pace = self.run.workplace.clock, self.run.workplace.pace
        settled_s = clock.monotonic_s() + pace.settle_s
        while True:
            is_slow_to_show = found.sight is before and clock.monotonic_s() < settled_s
            if found.sight is not Sight.UNDERWAY and not is_slow_to_show:
                return found
            clock.sleep(pace.poll_s)
            self.context.checkpoint()
            found = self.look()

    def wait_before_retry(self, error: LifeboatError, attempt: int) -> bool:
        """Wait as long as is sensible before attempt `attempt` + 1; False when there should be none."""
        if not error.retryable or isinstance(error, BudgetSpent):
            return False
        elapsed_s = self.context.elapsed_s
        retry = self.run.workplace.pace.retry
        decision = retry.decide(attempt=attempt, elapsed_s=elapsed_s, jitter=self.run.workplace.jitter())
        if not decision.retry or decision.wait_s >= self.context.remaining_s:
            return False
        self.run.workplace.clock.sleep(decision.wait_s)
        self.context.checkpoint()
        return True

    def _ask(self) -> Found:
        attempt = 1
        while True:
            try:
                return self.kind.look(self.step, self.context)
            except (*STOPS, BudgetSpent, StepFailed):
                raise
            except LifeboatError as error:
                if not self.wait_before_retry(error, attempt):
                    return unknown(error.message)
                attempt += 1

    def _guard(self) -> None:
        self.run.lease.check()
        if self.run.workplace.cancellation.asked:
            raise Interrupted(
                f"stopped on request in step {self.step.id}",
                hint=f"`lifeboat run resume {self.run.journal.run_id}` goes on from here",
            )
        elapsed_s, budget_s = self.context.elapsed_s, self.step.budget_s
        if elapsed_s >= WARN_AT * budget_s and not self._warned:
            self._warned = True
            self.write(EventKind.STEP_SLOW, elapsed_s=round(elapsed_s, 3), budget_s=budget_s)

    def _note(self, topic: str, facts: JsonObject) -> None:
        self.write(EventKind.NOTED, topic=topic, facts=facts)
