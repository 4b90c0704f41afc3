"""What a REST operation is: a declaration the pipeline can check, limit, fault and count before it runs.

Each `api/<noun>.py` exports `ROUTES`; `api/application.py` is the list of those modules.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from localcloud.fly.world import World


class Pace(StrEnum):
    """Which documented rate limit an operation is under (docs `machines/api/working-with-machines-api`)."""

    NONE = "none"
    MACHINE = "machine"
    """1 per second, burst 3, per action and machine id."""
    GET_MACHINE = "get_machine"
    """5 per second, burst 10, per machine id."""
    APP = "app"
    """1 per second, burst 3, per action and app name."""
    APP_DELETE = "app_delete"
    """100 per minute in all."""


@dataclass(slots=True, kw_only=True)
class Call:
    """One request, as a handler sees it.

    Args:
        world: what to work on.
        path: the path's parameters by name.
        query: query parameters; a repeated one has several values.
        body: the decoded JSON body, None without one.
        headers: lower-case names.
        caller: the user the token stands for, such as `operator@tokens.fly.io`.
        scope: what the token may see: `user` (all), `org:<slug>` or `app:<name>`.
    """

    world: World
    path: Mapping[str, str]
    query: Mapping[str, list[str]]
    body: Any
    headers: Mapping[str, str]
    caller: str
    scope: str

    def one(self, name: str, default: str = "") -> str:
        """Return the last value of a query parameter."""
        return (self.query.get(name) or [default])[-1]

    def flag(self, name: str) -> bool:
        """Return a boolean query parameter: true, 1 or t."""
        return self.one(name).lower() in {"true", "1", "t"}

    def fields(self) -> dict[str, Any]:
        """Return the JSON object of the body; empty without one."""
        return self.body if isinstance(self.body, dict) else {}


@dataclass(slots=True, kw_only=True)
class Answer:
    """A success; `body` None sends no body."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Call], Answer | Awaitable[Answer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation: `operation_id` is that of Fly's description, or of ours where Fly has none."""

    method: str
    path: str
    operation_id: str
    handler: Handler
    pace: Pace = Pace.NONE
