"""Looking at Fly before believing that something is not there.

Right after a create, and on bad days for minutes, Fly answers 404 for what exists (fly.md 2.3), so one answer
is not enough to let the engine forget an object and make another.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from lifeboat.core.clock import Clock
from lifeboat.fly.client import errors

T = TypeVar("T")


def found(look: Callable[[], T]) -> T | None:
    """Look once; None when Fly says that there is no such thing."""
    try:
        return look()
    except errors.NotFound:
        return None


def found_or_gone(look: Callable[[], T | None], clock: Clock, pause_s: float) -> T | None:
    """Look twice, `pause_s` seconds apart, before answering that it is gone."""
    first = found(look)
    if first is not None:
        return first
    clock.sleep(pause_s)
    return found(look)
