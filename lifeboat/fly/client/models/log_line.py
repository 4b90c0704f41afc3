"""A line of an app's log, and a page of lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import Field

from lifeboat.fly.client.models.sparse import Moment, Sparse


class LogLine(Sparse):
    """One line; `instance` is the machine's id, `level` info, warning, error and the like."""

    timestamp: Moment = None
    message: str = ""
    level: str = ""
    instance: str = ""
    region: str = ""
    meta: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """Lines, oldest first, and the token that asks for what comes after them."""

    lines: tuple[LogLine, ...]
    next_token: str
