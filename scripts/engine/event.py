"""One event of a journal: what was intended or found out, by whom, linked to the one before by its hash.

An intent log, not a debug log: every event is read back by a later process that has to decide what to do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from scripts.engine.json_values import JsonObject, canonical, digest_of, freeze_object
from scripts.engine.moments import read_moment, write_moment

GENESIS = "0" * 64
"""What the first event names as the hash of the one before it."""


class EventKind(StrEnum):
    """Every event there is; `journal_rules` says which may follow which."""

    RUN_BEGAN = "run_began"
    LEASE_TAKEN = "lease_taken"
    FENCED = "fenced"
    STEP_LOOKED = "step_looked"
    STEP_INTENDED = "step_intended"
    STEP_DONE = "step_done"
    STEP_VERIFIED = "step_verified"
    STEP_FAILED = "step_failed"
    STEP_SLOW = "step_slow"
    ABORT_BEGAN = "abort_began"
    UNDO_INTENDED = "undo_intended"
    STEP_UNDONE = "step_undone"
    NOTED = "noted"
    RUN_PAUSED = "run_paused"
    RUN_ENDED = "run_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event.

    Args:
        run_id: the run it belongs to.
        sequence: 1, 2, 3, … without a gap.
        at: when, on the writer's clock; aware UTC.
        actor: who wrote it: user, host, process.
        token: the fencing token the writer held.
        kind: what happened.
        step: id of the step; empty for events of the whole run.
        data: what else is known.
        previous: hash of the event before.
    """

    run_id: str
    sequence: int
    at: datetime
    actor: str
    token: int
    kind: EventKind
    step: str
    data: JsonObject
    previous: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", freeze_object(self.data, f"event {self.kind}: data"))

    @property
    def hash(self) -> str:
        """The SHA-256 of the canonical JSON of everything above, in hexadecimal."""
        return digest_of(self._content())

    def to_bytes(self) -> bytes:
        """Return the canonical JSON, the hash included; one line."""
        return canonical({**self._content(), "hash": self.hash})

    def _content(self) -> JsonObject:
        return {
            "run_id": self.run_id,
            "sequence": self.sequence,
            "at": write_moment(self.at),
            "actor": self.actor,
            "token": self.token,
            "kind": self.kind.value,
            "step": self.step,
            "data": self.data,
            "previous": self.previous,
        }


def parse_event(body: bytes) -> Event:
    """Read what `Event.to_bytes` returned.

    Raises:
        ValueError: it is not an event, or its hash is not that of its content.
    """
    try:
        document = json.loads(body)
        event = _event(document)
    except (TypeError, KeyError, AttributeError) as error:
        msg = f"not an event: {error!r}"
        raise ValueError(msg) from error
    if document["hash"] != event.hash or event.to_bytes() != body:
        msg = f"event {event.sequence}: its content does not agree with its hash"
        raise ValueError(msg)
    return event


def _event(document: Mapping[str, Any]) -> Event:
    content = {key: value for key, value in document.items() if key != "hash"}
    return Event(**{**content, "at": read_moment(content["at"]), "kind": EventKind(content["kind"])})
