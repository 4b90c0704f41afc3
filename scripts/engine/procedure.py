"""What the engine needs of a procedure to go on with one of its runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scripts.engine.step_kind import Kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """A procedure, ready to work on one environment.

    Args:
        kinds: its step kinds.
        fingerprint: observes the world its plan was made from again, and returns the fingerprint.
    """

    kinds: Kinds
    fingerprint: Callable[[], str]
