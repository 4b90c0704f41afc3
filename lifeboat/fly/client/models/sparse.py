"""The base of values in which Go writes null for nothing, and the moments in them.

Null is left out before reading, so a field's default stands for both; an empty text or Go's zero time is no
moment at all.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, model_validator

from lifeboat.fly.client.models.wire import WireModel

_FIRST_YEAR = 1


class Sparse(WireModel):
    """A value as Fly sends it, whose nulls mean the same as absence."""

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: Any) -> Any:  # noqa: ANN401  # parsed JSON
        if not isinstance(value, dict):
            return value
        return {key: one for key, one in value.items() if one is not None}


def _known(at: datetime | None) -> datetime | None:
    if at is None or at.year == _FIRST_YEAR:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


Moment = Annotated[
    datetime | None, BeforeValidator(lambda text: None if text == "" else text), AfterValidator(_known)
]
"""A moment in UTC, or None."""
