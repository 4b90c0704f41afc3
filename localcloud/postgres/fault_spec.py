"""Faults of databases as they are declared: which there are, and what each one is meant for."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator

from localcloud.postgres.cut import ExistingConnections, NewConnections


class FaultKind(StrEnum):
    """What happens. All but `crash` and `drop_connections` last until they are forgotten."""

    FREEZE = "freeze"
    """The server stands still: connections are taken and nobody answers."""
    DOWN = "down"
    """The server is killed, and not started again."""
    CRASH = "crash"
    """The server is killed, and comes back by itself."""
    POSTMASTER = "postmaster"
    """Only the postmaster is killed: busy children go on, and acknowledge writes, until they next wait."""
    CUT = "cut"
    """No traffic reaches an endpoint, or any of a region."""
    DROP_CONNECTIONS = "drop_connections"
    """Every connection to an endpoint ends."""
    ARCHIVE = "archive"
    """The archive takes nothing: the latest restorable moment stands still, and the log piles up."""
    REPLICA_DELAY = "replica_delay"
    """A replica waits `delay_s` with every transaction."""
    REPLICA_PAUSE = "replica_pause"
    """A replica reads on and replays nothing."""
    REPLICA_LINK = "replica_link"
    """Nothing arrives at a replica."""


class FaultSpec(BaseModel):
    """A fault as declared.

    Args:
        region: where the database is.
        identifier: which one; empty for a whole region, which only `cut` takes.
        delay_s: of `replica_delay`.
        new: of `cut`: what new connections meet.
        existing: of `cut`: what becomes of connections that are there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: FaultKind
    region: str = Field(min_length=1)
    identifier: str = ""
    delay_s: float = Field(default=10.0, ge=0, le=86_400)
    new: NewConnections = NewConnections.HANG
    existing: ExistingConnections = ExistingConnections.SILENT

    @model_validator(mode="after")
    def _check_target(self) -> FaultSpec:
        if not self.identifier and self.kind is not FaultKind.CUT:
            raise ValueError(f"a fault of kind {self.kind} needs an identifier")
        return self
