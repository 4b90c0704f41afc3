"""Faults of databases as they are declared: which there are, and what each one is meant for."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from localcloud.postgres.cut import ExistingConnections, NewConnections


class FaultKind(StrEnum):
    """What happens, and its effect in words."""

    effect: str

    def __new__(cls, value: str, effect: str) -> FaultKind:
        """Make a kind of its name and its effect."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.effect = effect
        return member

    FREEZE = "freeze", "its server stands still: connections are taken and nobody answers"
    DOWN = "down", "its server is killed, and not started again"
    CRASH = "crash", "its server is killed, and comes back by itself"
    POSTMASTER = (
        "postmaster",
        "only the postmaster is killed: busy children acknowledge writes until they next wait",
    )
    CUT = "cut", "no traffic gets through"
    DROP_CONNECTIONS = "drop_connections", "every connection to it ends"
    ARCHIVE = "archive", "its archive takes nothing: the latest restorable moment stands still"
    FILL = "fill", "its storage is taken up but for `left_bytes`: at the last one it is storage-full"
    REPLICA_DELAY = "replica_delay", "it waits with every transaction of its source"
    REPLICA_PAUSE = "replica_pause", "it reads on and replays nothing"
    REPLICA_LINK = "replica_link", "nothing arrives from its source"
    CORRUPT = "corrupt", "a page of its largest table is changed on disk: reading it fails from now on"
    DROP_SEGMENT = "drop_segment", "a segment is gone from its archive: nothing beyond it can be restored"

    @property
    def lasts(self) -> bool:
        """Whether it holds until it is forgotten; of the others nothing is taken back."""
        return self not in _PASSING


_PASSING = frozenset({FaultKind.CRASH, FaultKind.DROP_CONNECTIONS, FaultKind.CORRUPT, FaultKind.DROP_SEGMENT})

REFUSED = {
    "clock": "a server takes its time from this machine; `lifeboat cloud clock advance` moves the cloud's",
}
"""Faults one may look for that cannot be had, and why."""


class FaultSpec(BaseModel):
    """A fault as declared.

    Args:
        region: where the database is.
        identifier: which one; empty for a whole region, which only `cut` takes.
        delay_s: of `replica_delay`.
        left_bytes: of `fill`.
        new: of `cut`: what new connections meet.
        existing: of `cut`: what becomes of connections that are there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: FaultKind
    region: str = Field(min_length=1)
    identifier: str = ""
    delay_s: float = Field(default=10.0, ge=0, le=86_400)
    left_bytes: int = Field(default=0, ge=0)
    new: NewConnections = NewConnections.HANG
    existing: ExistingConnections = ExistingConnections.SILENT

    @field_validator("kind", mode="before")
    @classmethod
    def _refuse(cls, kind: object) -> object:
        if isinstance(kind, str) and kind in REFUSED:
            raise ValueError(f"fault {kind} is not supported by the local cloud: {REFUSED[kind]}")
        return kind

    @model_validator(mode="after")
    def _check_target(self) -> FaultSpec:
        if not self.identifier and self.kind is not FaultKind.CUT:
            raise ValueError(f"a fault of kind {self.kind} needs an identifier")
        return self
