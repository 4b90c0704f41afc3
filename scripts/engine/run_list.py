"""The runs a store knows, with where each stands; cheap: the plan and the last event of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scripts.engine.event import EventKind, parse_event
from scripts.engine.json_values import JsonObject
from scripts.engine.moments import write_moment
from scripts.engine.objects import ObjectStore
from scripts.engine.places import RUNS, event_key, plan_key, sequence_of
from scripts.engine.plan import parse_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """One run.

    Args:
        run_id: its id.
        procedure: what it does.
        environment: to what.
        state: what its last event says; not proven, as `run show` does.
        step: the step it was last at.
        actor: who wrote the last event.
        last_at: when; None for a run that never began.
    """

    run_id: str
    procedure: str
    environment: str
    state: str
    step: str
    actor: str
    last_at: datetime | None

    def to_data(self) -> JsonObject:
        """Return the line as JSON."""
        return {
            "run_id": self.run_id,
            "procedure": self.procedure,
            "environment": self.environment,
            "state": self.state,
            "step": self.step,
            "actor": self.actor,
            "last_at": write_moment(self.last_at) if self.last_at else None,
        }


def list_runs(store: ObjectStore, *, newest: int) -> tuple[RunLine, ...]:
    """Return the newest runs, newest first.

    Raises:
        Stuck: a plan cannot be read.
        StoreUnavailable: the store gave no answer.
    """
    last: dict[str, int] = {}
    for key in store.keys(RUNS):
        run_id = key.removeprefix(RUNS).split("/")[0]
        last[run_id] = max(last.get(run_id, 0), sequence_of(key))
    return tuple(_line(store, run_id, last[run_id]) for run_id in sorted(last, reverse=True)[:newest])


def _line(store: ObjectStore, run_id: str, sequence: int) -> RunLine:
    stored = store.get(plan_key(run_id))
    plan = parse_plan(stored.body, f"{store.where}{stored.key}") if stored else None
    known = {
        "run_id": run_id,
        "procedure": plan.procedure if plan else "?",
        "environment": plan.environment if plan else "?",
    }
    found = store.get(event_key(run_id, sequence)) if sequence else None
    if found is None:
        return RunLine(**known, state="not begun", step="", actor="", last_at=None)
    try:
        event = parse_event(found.body)
    except ValueError:
        return RunLine(**known, state="damaged", step="", actor="", last_at=found.written_at)
    state = {
        EventKind.RUN_ENDED: str(event.data.get("outcome")),
        EventKind.RUN_PAUSED: f"paused: {event.data.get('reason')}",
        EventKind.FENCED: "taken over",
    }.get(event.kind, "running")
    return RunLine(**known, state=state, step=event.step, actor=event.actor, last_at=event.at)
