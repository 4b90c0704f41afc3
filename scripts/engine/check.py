"""One answer of a preflight: it passed, it failed, or nobody can tell; with what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scripts.engine.json_values import JsonObject


class Outcome(StrEnum):
    """What a check can say; not being able to tell blocks like a failure."""

    PASS = "pass"  # noqa: S105  # not a password
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One answer of a preflight.

    Args:
        name: what was asked; lower-case words joined by dashes.
        outcome: the answer.
        detail: what was seen.
        warning: what is not as it should be and does not block; empty when there is nothing.
    """

    name: str
    outcome: Outcome
    detail: str
    warning: str = ""

    @property
    def words(self) -> str:
        """What was seen, the warning included."""
        return f"{self.detail}; warning: {self.warning}" if self.warning else self.detail

    def to_data(self) -> JsonObject:
        """Return the check as JSON."""
        return {
            "name": self.name,
            "outcome": self.outcome.value,
            "detail": self.detail,
            "warning": self.warning,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Check:
        """Read what `to_data` returned.

        Raises:
            ValueError, TypeError, KeyError: it is not a check.
        """
        return cls(**{**data, "outcome": Outcome(data["outcome"])})
