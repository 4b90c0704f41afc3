"""What a look at the world shows about the side effect of a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scripts.engine.json_values import Json, JsonObject, freeze_object


class Sight(StrEnum):
    """The four answers; anything a look cannot tell is `UNKNOWN`, never one of the others."""

    ABSENT = "absent"
    DONE = "done"
    UNDERWAY = "underway"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An answer; made by `absent`, `done`, `underway` and `unknown`.

    Args:
        sight: which of the four.
        result: what later steps and the report need; of `done` and `underway`.
        reason: why nothing can be told; of `unknown`, or how far it is; of `underway`.
    """

    sight: Sight
    result: JsonObject = field(default_factory=dict)
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "result", freeze_object(self.result, "result"))


def absent() -> Found:
    """Nothing of the step is in the world: acting cannot do it twice."""
    return Found(sight=Sight.ABSENT)


def done(result: Mapping[str, Json] | None = None) -> Found:
    """The step's effect is in the world, whole."""
    return Found(sight=Sight.DONE, result=result or {})


def underway(reason: str = "", result: Mapping[str, Json] | None = None) -> Found:
    """It was begun and will end by itself; looking again later tells."""
    return Found(sight=Sight.UNDERWAY, reason=reason, result=result or {})


def unknown(reason: str) -> Found:
    """It cannot be told; a human decides."""
    return Found(sight=Sight.UNKNOWN, reason=reason)
