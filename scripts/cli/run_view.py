"""How the events of a run look on a terminal: one line each, to be read while it runs and afterwards."""

from __future__ import annotations

from collections.abc import Mapping

from scripts.engine.event import Event, EventKind

_SAYS = {
    EventKind.RUN_BEGAN: "run began with plan {plan_digest}",
    EventKind.FENCED: "taken over by {by_run}",
    EventKind.STEP_LOOKED: "looked: {found} {reason}",
    EventKind.STEP_INTENDED: "acting, attempt {attempt}",
    EventKind.STEP_DONE: "done in {duration_s} s",
    EventKind.STEP_FAILED: "FAILED",
    EventKind.STEP_SLOW: "warning: {elapsed_s} s of a budget of {budget_s} s are spent",
    EventKind.ABORT_BEGAN: "going back: {cause}",
    EventKind.UNDO_INTENDED: "undoing, attempt {attempt}",
    EventKind.STEP_UNDONE: "undone {kept}",
    EventKind.NOTED: "noted {topic}",
    EventKind.RUN_PAUSED: "paused: {reason}: {message}",
    EventKind.RUN_ENDED: "run ended: {outcome}",
}


def event_line(event: Event) -> str:
    """Return an event as one line."""
    values = {key: str(value) for key, value in event.data.items()}
    return " ".join(f"{event.at:%H:%M:%S} {event.step:<24} {_says(event, values)}".split(" ")).rstrip()


def _says(event: Event, values: dict[str, str]) -> str:
    approval = event.data.get("approval")
    if event.kind is EventKind.RUN_BEGAN and isinstance(approval, Mapping):
        return (
            f"run began with plan {values['plan_digest']}, approved by {approval['by']} ({approval['how']})"
        )
    if event.kind is EventKind.LEASE_TAKEN:
        return f"lease taken by {event.actor} with token {event.token}"
    if event.kind is EventKind.STEP_VERIFIED:
        return "verified" if event.data.get("passed") else f"NOT VERIFIED: {values.get('findings')}"
    if event.kind is EventKind.STEP_DONE and event.data.get("skipped"):
        return "was done already"
    return _SAYS[event.kind].format_map(_Known(values))


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""
