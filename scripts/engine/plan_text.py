"""A plan as a table for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from lifeboat.core.units import format_duration
from scripts.engine.check import Check, Outcome
from scripts.engine.moments import write_moment
from scripts.engine.plan import Expectation, Plan
from scripts.engine.step import Effect, Step

DIGEST_SHOWN = 12
"""Characters of a digest that people compare; the whole one is in the JSON."""


def render_plan(plan: Plan) -> RenderableType:
    """Return what the operator reads before agreeing; colour repeats what the words say."""
    parts: list[RenderableType] = [
        Text(f"{plan.procedure} of {plan.environment} (stack {plan.stack})", style="bold"),
        _steps(plan),
        Text(f"data lost   {judge(plan.loss)}"),
        Text(f"back in     {judge(plan.back)}"),
    ]
    last = plan.point_of_no_return
    limit = f"after step {last.id}" if last else "never: every step can be undone"
    parts.append(Text(f"no way back {limit}"))
    if plan.candidates:
        parts.append(_candidates(plan))
    if plan.checks:
        parts.append(render_checks(plan.checks))
    parts.extend(Text(f"note: {note}") for note in plan.notes)
    parts.append(Text(f"digest {plan.digest[:DIGEST_SHOWN]}, valid until {write_moment(plan.expires_at)}"))
    return Group(*parts)


def judge(expectation: Expectation) -> str:
    """Say an expectation against its objective in one line."""
    expected = format_duration(timedelta(seconds=expectation.expected_s))
    objective = format_duration(timedelta(seconds=expectation.objective_s))
    verdict = "within" if expectation.is_met else "OVER"
    return f"{expected}, {verdict} the objective of {objective}" + (
        f" ({expectation.how})" if expectation.how else ""
    )


def undo_word(step: Step, *, no: str) -> str:
    """Say whether a step can be taken back; what commits is taken back by an abort alone."""
    if step.effect is Effect.READS:
        return "-"
    if not step.undoable:
        return no
    return "by abort" if step.commits else "yes"


def print_plan(plan: Plan, console: Console) -> None:
    """Print the plan."""
    console.print(render_plan(plan), highlight=False)


def render_checks(checks: Sequence[Check]) -> Table:
    """Return the answers of a preflight, those that block first."""
    table = Table(box=None, pad_edge=False)
    for heading in ("check", "says", "what was seen"):
        table.add_column(heading, overflow="fold")
    for check in sorted(checks, key=lambda check: check.outcome is Outcome.PASS):
        # Text, not markup: what a cloud says may hold brackets.
        table.add_row(Text(check.name), _says(check), Text(check.words))
    return table


def _says(check: Check) -> str:
    return "pass" if check.outcome is Outcome.PASS else check.outcome.value.upper()


def _steps(plan: Plan) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("#", "step", "what", "effect", "undo", "expected", "budget"):
        table.add_column(heading, overflow="fold")
    for number, step in enumerate(plan.steps, 1):
        table.add_row(
            str(number),
            step.id,
            # Text, not markup: a name with brackets must be shown as it is.
            Text(step.title + (f"\nneeds: {step.precondition}" if step.precondition else "")),
            step.effect.value,
            undo_word(step, no="NO"),
            format_duration(timedelta(seconds=step.expected_s)),
            format_duration(timedelta(seconds=step.budget_s)),
        )
    return table


def _candidates(plan: Plan) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("", "point", "at", "detail"):
        table.add_column(heading, overflow="fold")
    for candidate in plan.candidates:
        mark = "->" if candidate.chosen else ""
        table.add_row(mark, Text(candidate.name), write_moment(candidate.at), Text(candidate.detail))
    return table
