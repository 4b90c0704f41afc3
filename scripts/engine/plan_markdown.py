"""A plan as Markdown, for a ticket or a pull request."""

from __future__ import annotations

from datetime import timedelta

from lifeboat.core.units import format_duration
from scripts.engine.moments import write_moment
from scripts.engine.plan import Plan
from scripts.engine.plan_text import judge, undo_word


def plan_markdown(plan: Plan) -> str:
    """Return the whole plan, its digest included."""
    last = plan.point_of_no_return
    lines = [
        f"# {cell(plan.procedure)} of {cell(plan.environment)}",
        "",
        f"- stack: `{plan.stack}`",
        f"- data lost: {cell(judge(plan.loss))}",
        f"- back in: {cell(judge(plan.back))}",
        f"- no way back: {'after step `' + last.id + '`' if last else 'never'}",
        f"- made at {write_moment(plan.created_at)}, valid until {write_moment(plan.expires_at)}",
        f"- digest: `{plan.digest}`",
        "",
        "| # | step | what | effect | undo | expected | budget |",
        "|---|---|---|---|---|---|---|",
    ]
    for number, step in enumerate(plan.steps, 1):
        expected, budget = (
            format_duration(timedelta(seconds=seconds)) for seconds in (step.expected_s, step.budget_s)
        )
        lines.append(
            f"| {number} | `{step.id}` | {cell(step.title)} | {step.effect.value} "
            f"| {undo_word(step, no='**no**')} "
            f"| {expected} | {budget} |"
        )
    if plan.candidates:
        lines += ["", "| point | at | detail | chosen |", "|---|---|---|---|"]
        lines += [
            f"| {cell(c.name)} | {write_moment(c.at)} | {cell(c.detail)} | {'yes' if c.chosen else ''} |"
            for c in plan.candidates
        ]
    if plan.checks:
        lines += ["", "| check | says | what was seen |", "|---|---|---|"]
        lines += [f"| {cell(c.name)} | {c.outcome.value} | {cell(c.words)} |" for c in plan.checks]
    lines += ["", *(f"- note: {cell(note)}" for note in plan.notes)] if plan.notes else []
    return "\n".join(lines) + "\n"


def cell(text: str) -> str:
    """Return text that cannot break out of its cell or line."""
    return " ".join(text.replace("|", "\\|").split())
