"""Fly's documented rate limits, as token buckets on the emulated clock.

Machines REST: 1 request per second and action and machine (or app, for creates), bursts of 3; reading one
machine 5 per second, bursts of 10; deleting apps 100 per minute. Source: docs
`machines/api/working-with-machines-api`.
"""

from __future__ import annotations

from dataclasses import dataclass

from localcloud.fly.api.dispatch import Match
from localcloud.fly.api.route import Pace
from localcloud.fly.wire_error import WireError

EXCEEDED = "rate limit exceeded"
"""Fly's text as far as reports agree; no Retry-After is documented, so none is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """`per_s` requests a second on average, `burst` at once."""

    per_s: float
    burst: int


LIMITS: dict[Pace, Limit] = {
    Pace.MACHINE: Limit(per_s=1, burst=3),
    Pace.GET_MACHINE: Limit(per_s=5, burst=10),
    Pace.APP: Limit(per_s=1, burst=3),
    Pace.APP_DELETE: Limit(per_s=100 / 60, burst=100),
}

_PRUNE_AT = 1024


class RateLimits:
    """Remembers, per bucket, when it will be full again; full buckets are forgotten."""

    def __init__(self, limits: dict[Pace, Limit] | None = None) -> None:
        self._limits = LIMITS if limits is None else limits
        self._full_at_s: dict[tuple[str, ...], float] = {}
        self._prune_at = _PRUNE_AT

    def take(self, pace: Pace, match: Match, now_s: float) -> None:
        """Count one request.

        Args:
            pace: which limit the operation is under.
            match: the operation and the objects its path names.
            now_s: the emulated monotonic moment.

        Raises:
            WireError: 429, the bucket is empty; the request is not counted.
        """
        limit = self._limits.get(pace)
        if limit is None:
            return
        key = _bucket(pace, match)
        full_at_s = max(self._full_at_s.get(key, now_s), now_s)
        # A rounding error of the clock must not refuse the request that comes exactly on time.
        if full_at_s - now_s > (limit.burst - 1) / limit.per_s + 1e-6:
            raise WireError(429, EXCEEDED)
        self._full_at_s[key] = full_at_s + 1 / limit.per_s
        self._prune(now_s)

    def clear(self) -> None:
        """Fill every bucket."""
        self._full_at_s.clear()

    def __len__(self) -> int:
        """Return how many buckets are remembered."""
        return len(self._full_at_s)

    def _prune(self, now_s: float) -> None:
        if len(self._full_at_s) < self._prune_at:
            return
        self._full_at_s = {key: at_s for key, at_s in self._full_at_s.items() if at_s > now_s}
        self._prune_at = max(_PRUNE_AT, 2 * len(self._full_at_s))


def _bucket(pace: Pace, match: Match) -> tuple[str, ...]:
    if pace is Pace.APP_DELETE:
        return (match.operation_id,)
    subject = "app_name" if pace is Pace.APP else "machine_id"
    return (match.operation_id, match.path.get("app_name", ""), match.path.get(subject, ""))
