"""A plan: everything a recovery will do, as data with a digest; what was reviewed is what runs.

A plan decides nothing and does nothing. Its digest covers every field, the moment it was made and the
fingerprint of the world it was made from included, so a changed plan or a stale one cannot be applied.
"""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lifeboat.core.errors import Stuck
from scripts.engine.check import Check
from scripts.engine.json_values import JsonObject, canonical, digest_of, freeze_object
from scripts.engine.moments import read_moment, write_moment
from scripts.engine.step import Effect, Step

SCHEMA_VERSION = 2
_WITHOUT_CHECKS = 1
"""The version whose plans know no checks; runs that began with one can still be resumed and reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A point the recovery could go back to; the plan shows those it did not choose as well."""

    name: str
    at: datetime
    detail: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What is expected against what was promised, in seconds (data lost, or time until back)."""

    objective_s: float
    expected_s: float
    how: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the objective would be kept."""
        return self.expected_s <= self.objective_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The steps of one recovery and what they promise.

    Args:
        procedure: name of the procedure that made it and knows its kinds.
        environment: what it recovers; one run at a time holds it.
        stack: the Pulumi stack of that environment.
        created_at: when it was made.
        expires_at: after this it cannot be started.
        fingerprint: hash of everything observed that the plan rests on.
        steps: in order of execution, ids unique.
        loss: data lost (RPO).
        back: seconds until back (RTO).
        candidates: the points it could go back to.
        notes: what the operator should read before agreeing.
        request: what was asked for, as JSON.
        checks: the preflight when it was made.
        schema_version: how it is spelled; of plans that were read, that of whoever wrote them.

    Raises:
        ValueError: no step, an id twice, or a plan that expires before it was made.
    """

    procedure: str
    environment: str
    stack: str
    created_at: datetime
    expires_at: datetime
    fingerprint: str
    steps: tuple[Step, ...]
    loss: Expectation
    back: Expectation
    candidates: tuple[Candidate, ...] = ()
    notes: tuple[str, ...] = ()
    request: JsonObject = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    schema_version: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        ids = [step.id for step in self.steps]
        if not ids or len(set(ids)) != len(ids) or self.expires_at <= self.created_at:
            msg = f"plan {self.procedure}: needs steps with unique ids and a life longer than nothing"
            raise ValueError(msg)
        object.__setattr__(self, "request", freeze_object(self.request, f"plan {self.procedure}: request"))

    @property
    def digest(self) -> str:
        """The SHA-256 of the canonical JSON, in hexadecimal."""
        return digest_of(self.to_data())

    @property
    def point_of_no_return(self) -> Step | None:
        """The first step after which nothing can be undone any more; None when all can."""
        return next((step for step in self.steps if not step.can_be_left_behind), None)

    def blocking_undo(self, done: Container[str]) -> Step | None:
        """Return the first of the steps that were done, by id, that cannot be undone."""
        return next((s for s in self.steps if s.id in done and not s.can_be_left_behind), None)

    def committed_by(self, done: Container[str]) -> Step | None:
        """Return the step that was done, by id, and committed to what was recovered; None while none did."""
        return next((step for step in self.steps if step.commits and step.id in done), None)

    @property
    def dangerous_steps(self) -> tuple[Step, ...]:
        """The steps that can do harm."""
        return tuple(step for step in self.steps if step.effect is Effect.DANGEROUS)

    def step(self, step_id: str) -> Step:
        """Return a step by its id."""
        return next(step for step in self.steps if step.id == step_id)

    def to_data(self) -> JsonObject:
        """Return the plan as JSON, without its digest."""
        checks = tuple(check.to_data() for check in self.checks)
        return {
            "schema_version": self.schema_version,
            "procedure": self.procedure,
            "environment": self.environment,
            "stack": self.stack,
            "created_at": write_moment(self.created_at),
            "expires_at": write_moment(self.expires_at),
            "fingerprint": self.fingerprint,
            "steps": tuple(step.to_data() for step in self.steps),
            "loss": _expectation_data(self.loss),
            "back": _expectation_data(self.back),
            "candidates": tuple(_candidate_data(candidate) for candidate in self.candidates),
            "notes": self.notes,
            "request": self.request,
            **({} if self.schema_version == _WITHOUT_CHECKS else {"checks": checks}),
        }

    def to_bytes(self) -> bytes:
        """Return the canonical JSON, the bytes the digest is taken of."""
        return canonical(self.to_data())


def parse_plan(body: bytes, where: str) -> Plan:
    """Read what `Plan.to_bytes` returned.

    Args:
        body: the JSON.
        where: where it lies, for the message.

    Raises:
        Stuck: the bytes are not a plan of this version.
    """
    try:
        return _from_data(json.loads(body))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Stuck(
            f"{where}: not a plan this lifeboat can read: {error}", hint="use the release that wrote it"
        ) from error


def _from_data(data: dict[str, Any]) -> Plan:
    if data["schema_version"] not in (_WITHOUT_CHECKS, SCHEMA_VERSION):
        msg = f"schema version is neither {_WITHOUT_CHECKS} nor {SCHEMA_VERSION}"
        raise ValueError(msg)
    if data["schema_version"] == _WITHOUT_CHECKS and "checks" in data:
        msg = f"checks in a plan of schema version {_WITHOUT_CHECKS}"
        raise ValueError(msg)
    return Plan(
        checks=tuple(Check.from_data(check) for check in data.pop("checks", ())),
        steps=tuple(Step.from_data(step) for step in data.pop("steps")),
        candidates=tuple(_candidate(candidate) for candidate in data.pop("candidates")),
        notes=tuple(data.pop("notes")),
        created_at=read_moment(data.pop("created_at")),
        expires_at=read_moment(data.pop("expires_at")),
        loss=Expectation(**data.pop("loss")),
        back=Expectation(**data.pop("back")),
        **data,
    )


def _expectation_data(expectation: Expectation) -> JsonObject:
    return {
        "objective_s": expectation.objective_s,
        "expected_s": expectation.expected_s,
        "how": expectation.how,
    }


def _candidate_data(candidate: Candidate) -> JsonObject:
    return {
        "name": candidate.name,
        "at": write_moment(candidate.at),
        "detail": candidate.detail,
        "chosen": candidate.chosen,
    }


def _candidate(data: Mapping[str, Any]) -> Candidate:
    return Candidate(**{**data, "at": read_moment(data["at"])})
