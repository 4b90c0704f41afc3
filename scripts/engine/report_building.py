"""Builds the report of a run from its plan and its events; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scripts.engine.event import Event, EventKind
from scripts.engine.json_values import Json, JsonObject
from scripts.engine.moments import write_moment
from scripts.engine.plan import Expectation, Plan
from scripts.engine.report import Measure, Report, StepReport
from scripts.engine.run_state import RunState, StepState
from scripts.engine.step import Step

_ENDS = (EventKind.STEP_DONE, EventKind.STEP_UNDONE, EventKind.STEP_FAILED)


def build_report(run_id: str, plan: Plan, events: Sequence[Event], state: RunState) -> Report:
    """Return what the events say; an empty journal gives the report of a run that never began."""
    steps = tuple(
        _step_report(step, state.steps.get(step.id, StepState()), [e for e in events if e.step == step.id])
        for step in plan.steps
    )
    passed = [e for e in events if e.kind is EventKind.STEP_VERIFIED and e.data.get("passed")]
    levels = [_number(event, "level") for event in passed]
    holders = [event.actor for event in events if event.kind is EventKind.LEASE_TAKEN]
    return Report(
        run_id=run_id,
        procedure=plan.procedure,
        environment=plan.environment,
        stack=plan.stack,
        plan_digest=plan.digest,
        phase=state.phase.value,
        outcome=state.outcome,
        began_at=events[0].at if events else None,
        ended_at=events[-1].at if events else None,
        steps=steps,
        loss=_measure(plan.loss, events, "loss"),
        back=_measure(plan.back, events, "outage"),
        level=max((int(level) for level in levels if level is not None), default=None),
        notes=tuple(_note(event) for event in events if event.kind is EventKind.NOTED),
        approval=_approval(events),
        actors=tuple(dict.fromkeys(holders)),
        events=len(events),
        chain=state.hash,
    )


def _approval(events: Sequence[Event]) -> JsonObject:
    told = events[0].data.get("approval") if events else None
    return told if isinstance(told, Mapping) else {}


def _step_report(step: Step, state: StepState, events: Sequence[Event]) -> StepReport:
    done = _last(events, EventKind.STEP_DONE)
    proof = _last(events, EventKind.STEP_VERIFIED)
    end = next((event for event in reversed(events) if event.kind in _ENDS), None)
    is_whole = done is not None and not (done.data.get("skipped") or done.data.get("resumed"))
    findings = proof.data.get("findings") if proof else ()
    level = _number(proof, "level") if proof and proof.data.get("passed") else None
    return StepReport(
        id=step.id,
        kind=step.kind,
        title=step.title,
        status=state.status.value,
        size=step.size,
        expected_s=step.expected_s,
        budget_s=step.budget_s,
        actual_s=_number(done, "duration_s") if done else None,
        began_at=events[0].at if events else None,
        ended_at=end.at if end else None,
        attempts=sum(event.kind is EventKind.STEP_INTENDED for event in events),
        is_measured=is_whole,
        was_slow=_last(events, EventKind.STEP_SLOW) is not None,
        level=None if level is None else int(level),
        findings=tuple(str(finding) for finding in findings) if isinstance(findings, tuple) else (),
        remark=_remark(events),
    )


def _remark(events: Sequence[Event]) -> str:
    failed, undone = _last(events, EventKind.STEP_FAILED), _last(events, EventKind.STEP_UNDONE)
    kept = undone.data.get("kept") if undone else ""
    error = failed.data.get("error") if failed else None
    message = error.get("message") if isinstance(error, Mapping) else ""
    return "; ".join(str(part) for part in (message, kept and f"kept: {kept}") if part)


def _measure(expectation: Expectation, events: Sequence[Event], topic: str) -> Measure:
    measured: float | None = None
    for event in events:
        facts = event.data.get("facts")
        if event.kind is EventKind.NOTED and event.data.get("topic") == topic and isinstance(facts, Mapping):
            value: Json = facts.get("measured_s")
            measured = float(value) if isinstance(value, int | float) else measured
    return Measure(expectation=expectation, measured_s=measured)


def _note(event: Event) -> JsonObject:
    return {
        "at": write_moment(event.at),
        "step": event.step,
        "topic": event.data.get("topic"),
        "facts": event.data.get("facts"),
    }


def _last(events: Sequence[Event], kind: EventKind) -> Event | None:
    return next((event for event in reversed(events) if event.kind is kind), None)


def _number(event: Event, name: str) -> float | None:
    value = event.data.get(name)
    return value if isinstance(value, int | float) else None
