"""The base of every part of the contract: frozen, strict, no unknown key."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A mapping of the contract."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


Region = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$", description="AWS region code")]
FlyRegion = Annotated[str, Field(pattern=r"^[a-z]{3}$", description="Fly region code")]
Arn = Annotated[str, Field(pattern=r"^arn:", description="Amazon Resource Name")]
