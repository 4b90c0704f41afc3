"""Renders the page. Every value goes through the template's escaping; nothing is joined to markup by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scripts.engine.event import Event
from scripts.engine.json_values import Json, JsonObject, plain
from scripts.engine.plan import Plan
from scripts.engine.report import Report
from scripts.engine.report_text import format_length
from scripts.evidence.page.availability import read_availability
from scripts.evidence.page.timeline import WIDTH, Span, measure_bars, step_bars, ticks
from scripts.evidence.page.verdict import Tone, judge_check, judge_measure, judge_run

_EMPTY: tuple[object, ...] = ("", None, (), {})
_LONG = 500
_TEMPLATES = Path(__file__).with_name("templates")


def render_page(report: Report, plan: Plan, events: Sequence[Event]) -> str:
    """Return the report of a run as one HTML file; the same run gives the same text."""
    return _environment().get_template("report.html.j2").render(**_values(report, plan, events))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        length=format_length,
        moment=_moment,
        clock=_clock,
        compact=_compact,
        words=_words,
        percent=_percent,
        told=_told,
        short=_short,
    )
    return environment


def _values(report: Report, plan: Plan, events: Sequence[Event]) -> dict[str, Any]:
    took_s = report.took_s or 0.0
    return {
        "report": report,
        "plan": plan,
        "events": events,
        "is_done": report.outcome == "done",
        "verdict": judge_run(report, events),
        "objectives": [
            (title, measure, judge_measure(measure), measure_bars(measure), _how(report.notes, topic))
            for title, measure, topic in (
                ("Data lost (RPO)", report.loss, "loss"),
                ("Time until back (RTO)", report.back, "outage"),
            )
        ],
        "steps": step_bars(report, events),
        "ticks": [(second, second / took_s * WIDTH) for second in ticks(took_s)] if took_s else [],
        "width": WIDTH,
        "series": read_availability(report.notes),
        "rows": _rows(report.notes),
        "losses": _losses(report.notes),
        "checks": _checks(report, plan),
    }


def _checks(report: Report, plan: Plan) -> list[tuple[JsonObject, Tone, Json]]:
    """Return the preflight as it was when the run was approved, else planned: check, tone, why accepted."""
    told = report.approval.get("checks") or tuple(check.to_data() for check in plan.checks)
    accepted = report.approval.get("accepted") or ()
    checks = [one for one in told if isinstance(one, Mapping)] if isinstance(told, tuple) else []
    reasons = [one for one in accepted if isinstance(one, Mapping)] if isinstance(accepted, tuple) else []
    by_name = {str(one["name"]): one["reason"] for one in reasons}
    return [(one, judge_check(str(one["outcome"])), by_name.get(str(one["name"]), "")) for one in checks]


def _how(notes: Sequence[JsonObject], topic: str) -> str:
    """Return how something was measured, or why it could not be, in the words of the step that did last."""
    told = [note["facts"] for note in notes if note["topic"] == topic]
    return next(
        (str(facts["how"]) for facts in reversed(told) if isinstance(facts, Mapping) and "how" in facts), ""
    )


def _losses(notes: Sequence[JsonObject]) -> list[str]:
    """Return what is known about the loss beside its length, each once."""
    facts = [note["facts"] for note in notes if note["topic"] == "loss"]
    more = [
        {k: v for k, v in fact.items() if k not in ("measured_s", "how")}
        for fact in facts
        if isinstance(fact, Mapping)
    ]
    return list(dict.fromkeys(_compact(fact) for fact in more if fact))


def _rows(notes: Sequence[JsonObject]) -> list[tuple[str, str, str, str]]:
    """Return rows before and after by table, from the last note with topic `rows` that has them."""
    counts: dict[str, dict[str, Json]] = {"before": {}, "after": {}}
    for note in notes:
        facts = note.get("facts")
        for moment, tables in facts.items() if isinstance(facts, Mapping) and note["topic"] == "rows" else ():
            if moment in counts and isinstance(tables, Mapping):
                counts[moment] |= dict(tables)
    before, after = counts["before"], counts["after"]
    return [
        (
            table,
            _count(before.get(table)),
            _count(after.get(table)),
            _change(before.get(table), after.get(table)),
        )
        for table in sorted({*before, *after})
    ]


def _count(rows: Json) -> str:
    return f"{rows:,}" if isinstance(rows, int) else "-"


def _change(before: Json, after: Json) -> str:
    if not isinstance(before, int) or not isinstance(after, int):
        return "-"
    return "none" if after == before else f"{after - before:+,}"


def _moment(at: datetime | None) -> str:
    return "-" if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _clock(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d}"


def _told(span: Span) -> str:
    began, lasted = format_length(span.offset_s), format_length(span.lasted_s)
    return f"{span.words}, {began} after the beginning of the run, for {lasted}"


def _percent(part: float | None) -> str:
    return "-" if part is None else f"{part:.0%}"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _compact(value: Json) -> str:
    """Return a JSON value as people read it: `name: value` pairs for an object; nothing that is empty."""
    if isinstance(value, Mapping):
        told = {name: _compact(item) for name, item in value.items() if item not in _EMPTY}
        return ", ".join(f"{name}: {text}" for name, text in told.items() if text)
    return value if isinstance(value, str) else json.dumps(plain(value), ensure_ascii=False)


def _short(text: str) -> str:
    """Return a text that does not fill a page; the whole of it stands in the journal."""
    rest = len(text) - _LONG
    return text if rest <= 0 else f"{text[:_LONG]}… and {rest:,} more characters, in journal.jsonl"
