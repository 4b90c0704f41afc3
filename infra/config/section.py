"""The base of every section of an environment file: strict, frozen, no unknown key.

The docstring under a field is its description; the reference page is generated from it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A mapping of an environment file."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        defer_build=True,
    )


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
"""A name as `lifeboat.core.identity` wants it: lower-case letters, digits, single dashes."""

Line = Annotated[str, Field(min_length=3, max_length=200, pattern=r"^[^\n]*$")]
"""A short text for people."""

Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$", max_length=254)]
"""An e-mail address; only its shape is checked."""
