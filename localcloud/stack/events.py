"""What the engine reports while it works (`up --json`, an event per line), folded into an account.

Reads names and counts only: the events also carry inputs and outputs of resources, and those are never kept
or shown. Field names: `sdk/go/common/apitype/events.go`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

TOLD = frozenset({"info", "info#err", "warning"})
UNCHANGED = frozenset({"same", "read", "refresh"})
_COLOUR = re.compile(r"<\{%.*?%\}>")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class _Metadata(_Part):
    op: str
    urn: str


class _Step(_Part):
    metadata: _Metadata
    planning: bool = False


class _Diagnostic(_Part):
    message: str
    severity: str
    urn: str = ""
    ephemeral: bool = False


class _Summary(_Part):
    resource_changes: dict[str, int] = {}


class EngineEvent(_Part):
    """One line of the engine's report; the kinds that are not read here are left empty."""

    resource_pre_event: _Step | None = None
    res_outputs_event: _Step | None = None
    res_op_failed_event: _Step | None = None
    diagnostic_event: _Diagnostic | None = None
    summary_event: _Summary | None = None


@dataclass(slots=True)
class Account:
    """What happened so far.

    `begun` counts operations that may have changed something; `done` those that ended well, by operation;
    `changes` is the engine's own summary, empty until the end; `errors` are the texts of its complaints.
    """

    begun: int = 0
    failed: int = 0
    done: Counter[str] = field(default_factory=Counter)
    changes: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    _unplaced: list[str] = field(default_factory=list)

    def take(self, line: str) -> tuple[str, ...]:
        """Count one line of the report and return what is worth telling at once.

        A line that is no event is the engine's plain text and is told as it is.
        """
        try:
            event = EngineEvent.model_validate_json(line)
        except ValidationError:
            return (line,) if line.strip() else ()
        self._count(event)
        return self._told(event)

    @property
    def complaints(self) -> tuple[str, ...]:
        """The errors of resources and program, or the engine's general ones when there are no others."""
        return tuple(self.errors or self._unplaced)

    def count(self, operation: str) -> int:
        """Return how many resources an operation was done to."""
        return (self.changes or self.done).get(operation, 0)

    def _count(self, event: EngineEvent) -> None:
        if event.resource_pre_event and event.resource_pre_event.metadata.op not in UNCHANGED:
            self.begun += 1
        if event.res_outputs_event:
            self.done[event.res_outputs_event.metadata.op] += 1
        if event.res_op_failed_event:
            self.failed += 1
        if event.summary_event:
            self.changes = dict(event.summary_event.resource_changes)
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            text = _plain(event.diagnostic_event.message)
            (self.errors if event.diagnostic_event.urn else self._unplaced).append(text)

    def _told(self, event: EngineEvent) -> tuple[str, ...]:
        step, diagnostic = event.res_outputs_event, event.diagnostic_event
        if step and step.metadata.op not in UNCHANGED:
            return (f"{step.metadata.op:<8} {name_of(step.metadata.urn)}",)
        if diagnostic and diagnostic.severity in TOLD and not diagnostic.ephemeral:
            text = _plain(diagnostic.message)
            return (f"{diagnostic.severity.removesuffix('#err')}: {text}",) if text else ()
        return ()


def name_of(urn: str) -> str:
    """Return the type and the name in a URN, without the types of its parents."""
    *_, types, name = urn.split("::", 3)
    return f"{types.rsplit('$', 1)[-1]} {name}"


def _plain(text: str) -> str:
    return _COLOUR.sub("", text).strip()
