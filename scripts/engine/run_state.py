"""What a journal adds up to: the phase of a run and the status of each of its steps.

    NEW ─► BEGUN ─► RUNNING ─┬─► ENDED      nothing is left to do
                     ▲       ├─► FENCED     another run took the environment; nothing more is done here
                     │       └─► PAUSED     only a new lease goes on from here
                     └─────────────┘

    step: PENDING ─► BEGUN ─► DONE ─► VERIFIED        forwards
          PENDING ◄─ UNDONE ◄─ UNDOING ◄─ any of them  backwards, once `unwinding` is set

A step that is BEGUN or UNDOING is *unknown*: its side effect may or may not have happened. `look` holds what
the world showed since the last intent or change of holder; without one, nothing may be repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scripts.engine.event import GENESIS
from scripts.engine.json_values import JsonObject


class Phase(StrEnum):
    """Where a run stands."""

    NEW = "not begun"
    BEGUN = "begun"
    RUNNING = "running"
    PAUSED = "paused"
    FENCED = "fenced"
    ENDED = "ended"


class StepStatus(StrEnum):
    """Where a step stands."""

    PENDING = "pending"
    BEGUN = "begun"
    DONE = "done"
    VERIFIED = "verified"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepState:
    """One step.

    Args:
        status: where it stands.
        look: what the world showed, when that still counts; empty otherwise.
        result: what the step gave; for later steps.
    """

    status: StepStatus = StepStatus.PENDING
    look: str = ""
    result: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """A run.

    Args:
        phase: where it stands.
        unwinding: whether it goes backwards; never taken back.
        token: fencing token of whoever may write the next event.
        sequence: number of the last event.
        hash: hash of the last event.
        plan_digest: digest of the plan that began.
        steps: every step by id, in the order of the plan.
        outcome: how it ended or why it paused; empty while it runs.
    """

    phase: Phase = Phase.NEW
    unwinding: bool = False
    token: int = 0
    sequence: int = 0
    hash: str = GENESIS
    plan_digest: str = ""
    steps: Mapping[str, StepState] = field(default_factory=dict)
    outcome: str = ""

    @property
    def is_done(self) -> bool:
        """Whether every step is done and verified."""
        return all(step.status is StepStatus.VERIFIED for step in self.steps.values())

    @property
    def is_undone(self) -> bool:
        """Whether no step has left anything behind."""
        untouched = (StepStatus.PENDING, StepStatus.UNDONE)
        return all(step.status in untouched for step in self.steps.values())

    @property
    def results(self) -> dict[str, JsonObject]:
        """What the steps that are done gave, by id."""
        finished = (StepStatus.DONE, StepStatus.VERIFIED)
        return {name: step.result for name, step in self.steps.items() if step.status in finished}
