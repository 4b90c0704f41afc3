"""How the local edge is set up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeSettings:
    """The edge's numbers.

    Args:
        edge_region: where callers are when they do not say so in `fly-client-region`.
        patience_s: how long a request is held for a machine to come.
        connect_s: how long a connection to a machine may take.
        answer_s: how long a machine may be silent.
        autostop_every_s: emulated seconds between two looks for idle machines (Fly: "every few minutes").
        idle_after_s: emulated seconds without a request after which a machine is idle.
    """

    edge_region: str = "iad"
    patience_s: float = 10.0
    connect_s: float = 2.0
    answer_s: float = 60.0
    autostop_every_s: float = 120.0
    idle_after_s: float = 60.0
