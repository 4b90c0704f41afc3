"""Where to try next when Fly has no room: pure."""

from __future__ import annotations

from collections.abc import Sequence

from lifeboat.fly.client.errors import CapacityScope


def next_region(regions: Sequence[str], tried: Sequence[str], scope: CapacityScope) -> str | None:
    """Return the region of the next attempt.

    Args:
        regions: the slot's home and its fallbacks, in order.
        tried: the regions of the attempts so far, the last one just failed.
        scope: how far the lack of room reaches.

    Returns:
        The same region once more for a full host, else the next one; None when there is nowhere left.
    """
    if scope is CapacityScope.VOLUME:
        return None
    if scope is CapacityScope.HOST and tried.count(tried[-1]) == 1:
        return tried[-1]
    return next((region for region in regions if region not in tried), None)
