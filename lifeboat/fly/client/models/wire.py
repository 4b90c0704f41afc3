"""The base of every value read from Fly: frozen, unknown fields ignored, so that Fly may add any."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class WireModel(BaseModel):
    """A value as Fly sends it."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, hide_input_in_errors=True)
