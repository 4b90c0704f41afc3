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
_VISIBLE_WITHIN_S = 30.0
_LOOK_EVERY_S = 1.0


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


def once_visible(look: Callable[[], T], clock: Clock) -> T:
    """Look at what was just made until Fly shows it.

    Raises:
        NotFound: it is not shown within half a minute.
    """
    deadline_s = clock.monotonic_s() + _VISIBLE_WITHIN_S
    while True:
        try:
            return look()
        except errors.NotFound:
            if clock.monotonic_s() >= deadline_s:
                raise
        clock.sleep(_LOOK_EVERY_S)
