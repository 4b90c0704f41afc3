"""The course of a run that is held: its first events, its steps forwards, and backwards when one broke."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scripts.engine.approval import Approval
from scripts.engine.backward import drive_backward
from scripts.engine.ending import STEP_FAILED
from scripts.engine.event import EventKind
from scripts.engine.forward import StepBroke, drive_forward
from scripts.engine.places import plan_key
from scripts.engine.run_state import Phase, StepStatus
from scripts.engine.step import Step
from scripts.engine.step_session import RunInHand, StepSession


def begin(run: RunInHand, approval: Approval | None = None) -> None:
    """Write that the run began, unless it did before, and that this process holds it now.

    Args:
        run: the run.
        approval: who agreed to the plan; stands in the first event, so that it cannot be lost.

    Effects: writes one event or two.
    """
    journal = run.journal
    if journal.state.phase is Phase.NEW:
        steps = tuple(step.id for step in run.plan.steps)
        approved: dict[str, Any] = {"approval": approval.to_data()} if approval else {}
        journal.append(
            EventKind.RUN_BEGAN,
            procedure=run.plan.procedure,
            environment=run.plan.environment,
            stack=run.plan.stack,
            plan_digest=run.plan.digest,
            steps=steps,
            **approved,
        )
    journal.append(
        EventKind.LEASE_TAKEN,
        taken_from=run.lease.taken_from,
        tools=run.workplace.tools,
        clock_offset_s=_clock_offset_s(run),
    )


def work_through(run: RunInHand) -> None:
    """Do every step that is left, in the direction of the run; a step that broke turns it round.

    Raises:
        LeaseLost, Interrupted, Stuck, Unverified: it stopped before its end and can be resumed.
    """
    state = run.journal.state
    has_failed = any(step.status is StepStatus.FAILED for step in state.steps.values())
    if not state.unwinding and not has_failed:
        try:
            for step in run.plan.steps:
                _at_safe_point(run, step, drive_forward)
        except StepBroke:
            has_failed = True
    if has_failed and not run.journal.state.unwinding:
        run.journal.append(EventKind.ABORT_BEGAN, cause=STEP_FAILED)
    if run.journal.state.unwinding:
        for step in reversed(run.plan.steps):
            _at_safe_point(run, step, drive_backward)


def _clock_offset_s(run: RunInHand) -> float | None:
    """Return by how much this clock is ahead of the store's, to a second or so; None when that is not known.

    Every moment of the journal is this process's; whoever compares them with other logs needs the difference.
    """
    stored = run.workplace.store.get(plan_key(run.journal.run_id))
    if stored is None:
        return None
    return round((run.workplace.clock.now() - stored.read_at).total_seconds(), 3)


def _at_safe_point(run: RunInHand, step: Step, drive: Callable[[StepSession], None]) -> None:
    session = StepSession(run, step)
    session.context.checkpoint()
    drive(session)
