"""The bars of the page: where each step lies in the run, and how much of its budget it took; pure geometry.

Lengths are thousandths of the width of the drawing, so that it fits every screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scripts.engine.event import Event, EventKind
from scripts.engine.report import Measure, Report, StepReport
from scripts.evidence.page.verdict import Tone, judge_measure, judge_status

WIDTH = 1000
_VISIBLE = 4
"""The least width of a bar that can still be seen."""
_WARN_PART = 0.8
_ENDS = {
    EventKind.STEP_VERIFIED: (Tone.GOOD, "done and verified"),
    EventKind.STEP_FAILED: (Tone.BAD, "failed"),
    EventKind.STEP_UNDONE: (Tone.IDLE, "undone"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A time in which a step was worked on: done, or undone, or tried.

    Args:
        begin: where its bar starts.
        length: how long that bar is.
        offset_s: seconds from the beginning of the run.
        lasted_s: how long it lasted.
        tone: how it ended.
        words: the same in words.
    """

    begin: float
    length: float
    offset_s: float
    lasted_s: float
    tone: Tone
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBars:
    """The drawings of one step.

    Args:
        step: the step.
        tone: of its status.
        spans: when it was worked on.
        budget: length of its budget.
        spent: length of what it took; 0 when that was not measured.
        expected: where its forecast lies.
        part: part of the budget it took; None when that was not measured.
        budget_tone: whether that is much.
    """

    step: StepReport
    tone: Tone
    spans: tuple[Span, ...]
    budget: float
    spent: float
    expected: float
    part: float | None
    budget_tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureBars:
    """Promised, expected and measured as lengths on one scale."""

    objective: float
    expected: float
    measured: float
    tone: Tone


def step_bars(report: Report, events: Sequence[Event]) -> tuple[StepBars, ...]:
    """Return the drawings of every step, in the order of the plan."""
    return tuple(
        _bars(step, _spans([e for e in events if e.step == step.id], events)) for step in report.steps
    )


def measure_bars(measure: Measure) -> MeasureBars:
    """Return the drawing of an objective."""
    promised, expected = measure.expectation.objective_s, measure.expectation.expected_s
    scale = max(promised, expected, measure.measured_s or 0.0)
    return MeasureBars(
        objective=_part_of(promised, scale),
        expected=_part_of(expected, scale),
        measured=max(_VISIBLE, _part_of(measure.measured_s, scale))
        if measure.measured_s is not None
        else 0.0,
        tone=judge_measure(measure).tone,
    )


def ticks(seconds: float, *, most: int = 4) -> Sequence[float]:
    """Return round moments of a time line, in seconds from its beginning, the beginning included."""
    rounds = (0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 1800, 3600, 6 * 3600, 86400, 7 * 86400)
    apart = next((each for each in rounds if seconds / each <= most), max(seconds, 1.0))
    return tuple(apart * index for index in range(int(seconds / apart) + 1))


def _bars(step: StepReport, spans: tuple[Span, ...]) -> StepBars:
    part = None if step.actual_s is None else step.actual_s / step.budget_s
    scale = max(step.budget_s, step.actual_s or 0.0)
    return StepBars(
        step=step,
        tone=judge_status(step.status),
        spans=spans,
        budget=_part_of(step.budget_s, scale),
        spent=_part_of(step.actual_s or 0.0, scale),
        expected=_part_of(step.expected_s, scale),
        part=part,
        budget_tone=_budget_tone(part),
    )


def _spans(own: Sequence[Event], events: Sequence[Event]) -> tuple[Span, ...]:
    spans: list[Span] = []
    first: Event | None = None
    for event in own:
        first = first or event
        if event.kind in _ENDS:
            spans.append(_span(first, event, events))
            first = None
    return (*spans, _span(first, own[-1], events)) if first else tuple(spans)


def _span(first: Event, last: Event, events: Sequence[Event]) -> Span:
    run_s = (events[-1].at - events[0].at).total_seconds()
    offset_s, lasted_s = (first.at - events[0].at).total_seconds(), (last.at - first.at).total_seconds()
    length = max(_part_of(lasted_s, run_s), _VISIBLE)
    tone, words = _ENDS.get(last.kind, (Tone.WARN, "not ended"))
    if last.kind is EventKind.STEP_VERIFIED and not last.data.get("passed"):
        tone, words = Tone.WARN, "not verified"
    return Span(
        begin=min(_part_of(offset_s, run_s), WIDTH - length),
        length=length,
        offset_s=offset_s,
        lasted_s=lasted_s,
        tone=tone,
        words=words,
    )


def _budget_tone(part: float | None) -> Tone:
    if part is None:
        return Tone.IDLE
    if part > 1:
        return Tone.BAD
    return Tone.WARN if part >= _WARN_PART else Tone.GOOD


def _part_of(value: float, whole: float) -> float:
    return round(max(0.0, value) / whole * WIDTH, 1) if whole > 0 else 0.0
