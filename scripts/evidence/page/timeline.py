"""The bars of the page: where each step lies in the run, and how much of its budget it took; pure geometry.

Lengths are thousandths of the width of the drawing, so that it fits every screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scripts.engine.report import Measure, Report, StepReport
from scripts.evidence.page.verdict import Tone, judge_measure, judge_status

WIDTH = 1000
_VISIBLE = 4
"""The least width of a bar that can still be seen."""
_WARN_PART = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBars:
    """The drawings of one step.

    Args:
        step: the step.
        tone: of its status.
        begin: where its bar in the run starts.
        length: how long that bar is; 0 when the step was never looked at.
        offset_s: seconds from the beginning of the run; None when it was never looked at.
        budget: length of its budget.
        spent: length of what it took; 0 when that was not measured.
        expected: where its forecast lies.
        part: part of the budget it took; None when that was not measured.
        budget_tone: whether that is much.
    """

    step: StepReport
    tone: Tone
    begin: float
    length: float
    offset_s: float | None
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


def step_bars(report: Report) -> tuple[StepBars, ...]:
    """Return the drawings of every step, in the order of the plan."""
    return tuple(_bars(step, report.began_at, report.took_s or 0.0) for step in report.steps)


def measure_bars(measure: Measure) -> MeasureBars:
    """Return the drawing of an objective."""
    promised, expected = measure.expectation.objective_s, measure.expectation.expected_s
    scale = max(promised, expected, measure.measured_s or 0.0)
    return MeasureBars(
        objective=_part_of(promised, scale),
        expected=_part_of(expected, scale),
        measured=_part_of(measure.measured_s or 0.0, scale),
        tone=judge_measure(measure).tone,
    )


def ticks(seconds: float, *, most: int = 6) -> Sequence[float]:
    """Return round moments of a time line, in seconds from its beginning, the beginning included."""
    rounds = (0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 1800, 3600, 6 * 3600, 86400, 7 * 86400)
    apart = next((each for each in rounds if seconds / each <= most), max(seconds, 1.0))
    return tuple(apart * index for index in range(int(seconds / apart) + 1))


def _bars(step: StepReport, run_began_at: datetime | None, run_s: float) -> StepBars:
    begin, end = step.began_at, step.ended_at or step.began_at
    offset_s = (begin - run_began_at).total_seconds() if begin and run_began_at else None
    lasted_s = (end - begin).total_seconds() if begin and end else 0.0
    length = max(_part_of(lasted_s, run_s), _VISIBLE) if begin else 0.0
    part = None if step.actual_s is None else step.actual_s / step.budget_s
    scale = max(step.budget_s, step.actual_s or 0.0)
    return StepBars(
        step=step,
        tone=judge_status(step.status),
        begin=min(_part_of(offset_s or 0.0, run_s), WIDTH - length),
        length=length,
        offset_s=offset_s,
        budget=_part_of(step.budget_s, scale),
        spent=_part_of(step.actual_s or 0.0, scale),
        expected=_part_of(step.expected_s, scale),
        part=part,
        budget_tone=_budget_tone(part),
    )


def _budget_tone(part: float | None) -> Tone:
    if part is None:
        return Tone.IDLE
    if part > 1:
        return Tone.BAD
    return Tone.WARN if part >= _WARN_PART else Tone.GOOD


def _part_of(value: float, whole: float) -> float:
    return round(max(0.0, value) / whole * WIDTH, 1) if whole > 0 else 0.0
