"""The outcome of a run in a few words, with a tone and a sign that say the same without colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from scripts.engine.event import Event, EventKind
from scripts.engine.report import Measure, Report
from scripts.engine.run_state import Phase


class Tone(StrEnum):
    """How good it is; each has a colour and a sign of its own."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    IDLE = "idle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What somebody should know who reads one line.

    Args:
        tone: colour and sign.
        words: the outcome.
        detail: why; empty when the words say all.
    """

    tone: Tone
    words: str
    detail: str = ""


def judge_run(report: Report, events: Sequence[Event]) -> Verdict:
    """Return what came of a run."""
    return {
        Phase.NEW: lambda: Verdict(tone=Tone.IDLE, words="Never began", detail="Nothing was changed."),
        Phase.BEGUN: lambda: Verdict(tone=Tone.IDLE, words="Begun", detail="No step was touched."),
        Phase.RUNNING: lambda: Verdict(
            tone=Tone.WARN, words="Not ended", detail="It still runs, or its process died; it can be resumed."
        ),
        Phase.PAUSED: lambda: _paused(events),
        Phase.FENCED: lambda: Verdict(
            tone=Tone.BAD,
            words="Taken over",
            detail="Another run took the environment and went on from there.",
        ),
        Phase.ENDED: lambda: _ended(report, events),
    }[Phase(report.phase)]()


def judge_measure(measure: Measure) -> Verdict:
    """Return whether an objective was kept."""
    if measure.is_met is None:
        return Verdict(tone=Tone.IDLE, words="not measured")
    if measure.is_met:
        return Verdict(tone=Tone.GOOD, words="kept")
    return Verdict(tone=Tone.BAD, words="MISSED")


def judge_status(status: str) -> Tone:
    """Return the tone of a step's status."""
    return {"verified": Tone.GOOD, "failed": Tone.BAD, "pending": Tone.IDLE, "undone": Tone.IDLE}.get(
        status, Tone.WARN
    )


def judge_check(outcome: str) -> Tone:
    """Return the tone of a check of the preflight."""
    return {"pass": Tone.GOOD, "fail": Tone.BAD}.get(outcome, Tone.WARN)


def _paused(events: Sequence[Event]) -> Verdict:
    said = events[-1].data
    detail = f"{said.get('message')}" if said.get("message") else f"{said.get('reason')}"
    return Verdict(tone=Tone.WARN, words="Stopped unfinished", detail=detail)


def _ended(report: Report, events: Sequence[Event]) -> Verdict:
    if report.outcome == "done":
        missed = [
            name
            for name, measure in (("data loss", report.loss), ("time until back", report.back))
            if measure.is_met is False
        ]
        if missed:
            detail = f"The objective for {' and '.join(missed)} was missed."
            return Verdict(tone=Tone.WARN, words="Done and verified, too late", detail=detail)
        return Verdict(tone=Tone.GOOD, words="Done and verified")
    failures = [event.step for event in events if event.kind is EventKind.STEP_FAILED]
    if failures:
        remark = next(step.remark for step in report.steps if step.id == failures[-1])
        detail = f"Step {failures[-1]}: {remark}"
        return Verdict(tone=Tone.BAD, words="Failed, everything undone", detail=detail)
    return Verdict(
        tone=Tone.IDLE, words="Undone on request", detail="The run was aborted; every step is undone."
    )
