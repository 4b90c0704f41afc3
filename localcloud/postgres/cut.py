"""How traffic to an endpoint is cut: what meets new connections, and what becomes of those that exist."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NewConnections(StrEnum):
    """What a client meets that connects during a cut."""

    HANG = "hang"
    """No answer, as behind a security group or with the region gone: only its own time-out ends it."""
    REFUSE = "refuse"
    """`connection refused`, as from a host that is there and does not listen."""


class ExistingConnections(StrEnum):
    """What becomes of connections that were there before a cut."""

    SILENT = "silent"
    """Nothing arrives in either direction and nobody is told, as when packets are lost; what was not given up
    meanwhile goes on when traffic is restored."""
    RESET = "reset"
    """They are reset at once."""
    KEEP = "keep"
    """They go on: a changed security group does not end connections that AWS already tracks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One way of cutting traffic."""

    new: NewConnections = NewConnections.HANG
    existing: ExistingConnections = ExistingConnections.SILENT
