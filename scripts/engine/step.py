"""One step of a plan, as data: what is done to what, how long it may take, whether it can be undone."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from scripts.engine.json_values import JsonObject, freeze_object

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Effect(StrEnum):
    """What a step does to the world."""

    READS = "reads"
    CREATES = "creates"
    CHANGES = "changes"
    DANGEROUS = "dangerous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step.

    Args:
        id: unique in its plan; lower-case words joined by dashes.
        kind: name of the `StepKind` that knows how.
        title: what the operator reads, one line.
        parameters: JSON values; names of secrets, never their values.
        precondition: what must hold before, in words.
        expected_s: seconds it should take (>= 0), by measured history where there is one.
        budget_s: seconds after which a human is asked (>= expected_s, > 0); the warning comes at 80 %.
        effect: what it does to the world.
        undoable: whether `undo` brings the world back; ignored for steps that only read.
        size: what its duration grows with (GiB, rows, …); None when it does not.
        commits: whether the product lives with what was recovered once it is done. A failure after it is for
            a human to decide on: undoing by itself would take away what was written since.

    Raises:
        ValueError: a malformed id, an empty title, or times that contradict each other.
        TypeError: a parameter is a Secret or not JSON.
    """

    id: str
    kind: str
    title: str
    parameters: JsonObject = field(default_factory=dict)
    precondition: str = ""
    expected_s: float
    budget_s: float
    effect: Effect
    undoable: bool
    size: float | None = None
    commits: bool = False

    def __post_init__(self) -> None:
        if _ID.fullmatch(self.id) is None or not self.kind or not self.title:
            msg = f"step {self.id!r}: needs an id of lower-case words and dashes, a kind and a title"
            raise ValueError(msg)
        if not (0 <= self.expected_s <= self.budget_s < math.inf and self.budget_s > 0):
            msg = f"step {self.id}: expected_s {self.expected_s} and budget_s {self.budget_s} do not fit"
            raise ValueError(msg)
        frozen = freeze_object(self.parameters, f"step {self.id}: parameters")
        object.__setattr__(self, "parameters", frozen)

    @property
    def can_be_left_behind(self) -> bool:
        """Whether the steps before it may still be undone once it was done."""
        return self.undoable or self.effect is Effect.READS

    def to_data(self) -> JsonObject:
        """Return the step as JSON."""
        return {
            "id": self.id,
            "kind": self.kind,
            "title": self.title,
            "parameters": self.parameters,
            "precondition": self.precondition,
            "expected_s": self.expected_s,
            "budget_s": self.budget_s,
            "effect": self.effect.value,
            "undoable": self.undoable,
            "size": self.size,
            "commits": self.commits,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Step:
        """Read what `to_data` returned.

        Raises:
            ValueError, TypeError, KeyError: it is not a step.
        """
        return cls(**{**data, "effect": Effect(data["effect"])})
