"""Why a run stops before its end without anything being wrong with the world."""

from __future__ import annotations

from lifeboat.core.errors import Stuck, Unverified, WorldChanged


class Interrupted(Unverified):
    """The operator asked the run to stop; it did so at a safe point and can be resumed."""


class BudgetSpent(Stuck):
    """A step took longer than its budget; it may still end by itself."""


class Stale(WorldChanged):
    """The plan is not the one that was reviewed, has expired, or was made from another world."""
