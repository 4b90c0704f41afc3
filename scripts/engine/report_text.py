"""A report for the terminal and as Markdown: the timeline against its budget, and what was lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lifeboat.core.units import format_duration
from scripts.engine.json_values import JsonObject
from scripts.engine.moments import write_moment
from scripts.engine.plan_markdown import cell
from scripts.engine.report import Measure, Report, StepReport

_HEADINGS = ("step", "what", "status", "expected", "actual", "budget", "remark")


def print_report(report: Report, console: Console) -> None:
    """Print a report; colour repeats what the words say."""
    for line in _head(report):
        console.print(Text(line), highlight=False)
    table = Table(box=None, pad_edge=False)
    for heading in _HEADINGS:
        table.add_column(heading, overflow="fold")
    for step in report.steps:
        table.add_row(*(Text(text) for text in _row(step)))
    console.print(table)


def report_markdown(report: Report) -> str:
    """Return a report as Markdown."""
    first, *rest = _head(report)
    lines = [f"# {cell(first)}", "", *(f"- {cell(line)}" for line in rest), ""]
    lines += [f"| {' | '.join(_HEADINGS)} |", "|" + "---|" * len(_HEADINGS)]
    lines += [f"| {' | '.join(cell(text) for text in _row(step))} |" for step in report.steps]
    return "\n".join(lines) + "\n"


def _head(report: Report) -> Iterator[str]:
    state = report.phase if report.outcome in {"", report.phase} else f"{report.phase}: {report.outcome}"
    yield f"{report.run_id}: {report.procedure} of {report.environment}, {state}"
    if report.began_at is not None:
        took = format_length(report.took_s)
        yield f"began {write_moment(report.began_at)}, {took} from first to last event"
    yield f"data lost: {_measure(report.loss)}"
    yield f"back in: {_measure(report.back)}"
    yield f"verified: {'nothing on the ladder' if report.level is None else f'level L{report.level}'}"
    if report.actors:
        yield f"run by {', then '.join(report.actors)}"
    yield from _approval(report.approval)
    yield f"plan {report.plan_digest}"
    yield f"journal of {report.events} events, chain {report.chain}"


def _approval(approval: JsonObject) -> Iterator[str]:
    if not approval:
        return
    identity = f" as {approval['identity']}" if approval["identity"] else ""
    yield f"approved by {approval['by']}{identity}: {approval['how']}, digest {approval['digest']}"
    accepted = approval["accepted"]
    for one in accepted if isinstance(accepted, tuple) else ():
        if isinstance(one, Mapping):
            yield f"accepted {one['name']}: {one['reason']} ({one['detail']})"


def _row(step: StepReport) -> tuple[str, ...]:
    notes = [step.remark, *step.findings]
    if step.attempts > 1:
        notes.append(f"{step.attempts} attempts")
    if step.was_slow:
        notes.append("over 80 % of its budget")
    return (
        step.id,
        step.title,
        step.status if step.level is None else f"{step.status} L{step.level}",
        format_length(step.expected_s),
        format_length(step.actual_s),
        format_length(step.budget_s),
        "; ".join(note for note in notes if note),
    )


def _measure(measure: Measure) -> str:
    objective = format_length(measure.expectation.objective_s)
    expected = f"expected {format_length(measure.expectation.expected_s)}, objective {objective}"
    if measure.measured_s is None:
        return f"not measured ({expected})"
    verdict = "kept" if measure.is_met else "MISSED"
    return f"{format_length(measure.measured_s)} measured, objective {verdict} ({expected})"


def format_length(seconds: float | None) -> str:
    """Return a length of time for people; a dash when there is none."""
    if seconds is None:
        return "-"
    return f"{seconds:.1f}s" if seconds < 10 else format_duration(timedelta(seconds=seconds))  # noqa: PLR2004  # below that whole seconds say too little
