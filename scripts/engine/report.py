"""What a run did, as values made from its plan and its journal alone; also of one that failed or runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from scripts.engine.json_values import Json, JsonObject, canonical, plain
from scripts.engine.moments import write_moment
from scripts.engine.plan import Expectation

SCHEMA_VERSION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReport:
    """One line of the timeline.

    Args:
        id: the step.
        kind: its kind.
        title: what it did.
        status: where it stands.
        size: what its duration grows with.
        expected_s: the forecast of the plan.
        budget_s: its budget.
        actual_s: how long it took in the process that finished it; None while it has not.
        began_at: first look.
        ended_at: done, undone or failed.
        attempts: how often it was tried.
        is_measured: whether `actual_s` is the whole of it: done in one process, and not found done.
        was_slow: whether it passed 80 % of its budget.
        level: level of the verification ladder it reached.
        findings: what its last verification found.
        remark: why it failed, or what an undo left behind on purpose.
    """

    id: str
    kind: str
    title: str
    status: str
    size: float | None
    expected_s: float
    budget_s: float
    actual_s: float | None
    began_at: datetime | None
    ended_at: datetime | None
    attempts: int
    is_measured: bool
    was_slow: bool
    level: int | None
    findings: tuple[str, ...]
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Promised, expected and measured, in seconds."""

    expectation: Expectation
    measured_s: float | None

    @property
    def is_met(self) -> bool | None:
        """Whether the objective was kept; None when nothing was measured."""
        return None if self.measured_s is None else self.measured_s <= self.expectation.objective_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A run.

    Args:
        run_id: the run.
        procedure: what it did.
        environment: to what.
        stack: its stack.
        plan_digest: digest of the plan.
        phase: running, paused, fenced, ended, …
        outcome: `done`, `undone`, or why it stands still; empty while it runs.
        began_at: when it began; None when it never did.
        ended_at: when its last event was written.
        steps: the timeline, in the order of the plan.
        loss: data lost (RPO).
        back: time until back (RTO).
        level: highest level of the verification ladder that was passed; None when none was.
        notes: facts the steps wrote down: moment, step, topic, facts.
        approval: who agreed, how, and what was accepted, as `approval.Approval` writes it; empty for a run
            that never began, and for one from before approvals were written down.
        actors: everybody who held it, in order.
        events: number of events.
        chain: hash of the last event, which stands for the whole journal.
    """

    run_id: str
    procedure: str
    environment: str
    stack: str
    plan_digest: str
    phase: str
    outcome: str
    began_at: datetime | None
    ended_at: datetime | None
    steps: tuple[StepReport, ...]
    loss: Measure
    back: Measure
    level: int | None
    notes: tuple[JsonObject, ...]
    approval: JsonObject
    actors: tuple[str, ...]
    events: int
    chain: str

    @property
    def took_s(self) -> float | None:
        """Seconds between the first and the last event, by the clocks of those who wrote them."""
        if self.began_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.began_at).total_seconds()

    def to_data(self) -> JsonObject:
        """Return the report as JSON."""
        return {"schema_version": SCHEMA_VERSION, **_fields(self), "took_s": self.took_s}

    def to_bytes(self) -> bytes:
        """Return the canonical JSON."""
        return canonical(self.to_data())


def _fields(value: Report | StepReport | Measure | Expectation) -> dict[str, Json]:
    return {name: _as_json(getattr(value, name)) for name in value.__slots__}


def _as_json(value: object) -> Json:
    if isinstance(value, datetime):
        return write_moment(value)
    if isinstance(value, StepReport | Measure | Expectation):
        return _fields(value)
    if isinstance(value, tuple):
        return tuple(_as_json(item) for item in value)
    if value is None or isinstance(value, str | int | float | Mapping):
        return plain(value) if isinstance(value, Mapping) else value
    msg = f"{type(value).__name__} has no place in a report"
    raise TypeError(msg)
