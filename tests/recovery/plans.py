"""Plans for the tests of the engine; a test overrides the one thing it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from scripts.engine.approval import Approval, Consent
from scripts.engine.check import Check, Outcome
from scripts.engine.plan import Candidate, Expectation, Plan
from scripts.engine.step import Effect, Step

MADE_AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
CHECKS = (
    Check(name="secret-master", outcome=Outcome.PASS, detail="readable here", warning="nowhere else"),
    Check(name="stack-state", outcome=Outcome.UNKNOWN, detail="no [answer]"),
)


def a_step(step_id: str = "make-copy", **changes: Any) -> Step:
    """Return a step that makes something, with fields replaced."""
    fields: dict[str, Any] = {
        "kind": "make",
        "title": f"Make {step_id}",
        "parameters": {"name": step_id},
        "expected_s": 10.0,
        "budget_s": 100.0,
        "effect": Effect.CREATES,
        "undoable": True,
    }
    return Step(id=step_id, **{**fields, **changes})


def a_plan(*steps: Step, **changes: Any) -> Plan:
    """Return a plan of these steps, or of one, with fields replaced."""
    fields: dict[str, Any] = {
        "procedure": "toy",
        "environment": "production",
        "stack": "local-production",
        "created_at": MADE_AT,
        "expires_at": MADE_AT + timedelta(hours=1),
        "fingerprint": "world-1",
        "steps": steps or (a_step(),),
        "loss": Expectation(objective_s=3600, expected_s=60, how="age of the newest point"),
        "back": Expectation(objective_s=1800, expected_s=10),
        "candidates": (
            Candidate(name="snapshot-2", at=MADE_AT - timedelta(minutes=1), detail="automatic", chosen=True),
            Candidate(name="snapshot-1", at=MADE_AT - timedelta(days=1), detail="manual"),
        ),
        "notes": ("the old one is kept",),
        "request": {"to": "latest"},
    }
    return Plan(**{**fields, **changes})


def an_approval(plan: Plan, **changes: Any) -> Approval:
    """Return an approval of a plan by alice, who accepted what nobody could tell."""
    fields: dict[str, Any] = {
        "digest": plan.digest[:12],
        "how": Consent.TYPED,
        "by": "alice@host pid 1",
        "identity": "arn:aws:sts::123456789012:assumed-role/restore/alice",
        "checks": CHECKS,
        "accepted": {"stack-state": "the restore needs no state"},
    }
    return Approval(**{**fields, **changes})
