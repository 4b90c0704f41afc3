"""What one operation of Fly's APIs is: a declaration that pacing, repeating and errors read.

Operations are constants beside the class that uses them. A path is a template; its values are escaped when it
is filled, so that no name of an object can change which operation is called.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

_VALUE = re.compile(r"\{(\w+)\}")


class Server(StrEnum):
    """Which of Fly's three base addresses an operation belongs to."""

    FLAPS = "flaps"
    """Machines REST; the only one a recovery needs."""
    API = "api"
    """GraphQL and logs."""
    UIEX = "uiex"
    """Releases and organisations."""


class Safety(StrEnum):
    """What repeating an operation can do."""

    READ = "read"
    """Changes nothing: repeated after 408, 429, 5xx and broken connections."""
    REPEATABLE_WRITE = "repeatable_write"
    """Doing it twice is doing it once: repeated like a read."""
    CREATE = "create"
    """Doing it twice makes two, or could: repeated only when it was surely not done."""


class Pace(StrEnum):
    """Which documented rate limit applies (docs `machines/api/working-with-machines-api`)."""

    NONE = "none"
    OBJECT = "object"
    """1 per second, burst 3, per action and machine (or app, for what has no machine yet)."""
    GET_MACHINE = "get_machine"
    """5 per second, burst 10, per machine."""
    APP_DELETE = "app_delete"
    """100 per minute in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation.

    Args:
        name: noun and verb, such as `machines.create`; stands in errors and keys the rate limit.
        method: HTTP method, upper-case.
        path: template from the host's root, such as `/v1/apps/{app}/machines/{machine}`.
        safety: what repeating it can do.
        pace: its rate limit; `GET_MACHINE` for reading one machine, `OBJECT` for everything else of flaps.
        server: its base address.
        timeout_s: seconds without any byte after which an answer is given up.
        sends_secrets: its body holds secret values; Fly's words are withheld then.
    """

    name: str
    method: str
    path: str
    safety: Safety
    pace: Pace = Pace.OBJECT
    server: Server = Server.FLAPS
    timeout_s: float = 30.0
    sends_secrets: bool = False

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the path with its values escaped.

        Raises:
            KeyError: the template names a value that is not given.
            ValueError: a value is empty or a dot segment, so that the path would be another operation's.
        """
        return _VALUE.sub(lambda found: _segment(found[1], values[found[1]]), self.path)

    def subject(self, values: Mapping[str, str]) -> str:
        """Return what the rate limit is counted for: the machine, else the app, else everything."""
        return values.get("machine") or values.get("app") or ""


def _segment(name: str, value: str) -> str:
    if value in {"", ".", ".."}:
        msg = f"{name} cannot be {value!r}"
        raise ValueError(msg)
    return quote(value, safe="")
