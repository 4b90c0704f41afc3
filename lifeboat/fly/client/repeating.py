"""Whether a failed call may be repeated: a pure decision on the kind of failure and on what repeating can do.

A create is repeated only when it was surely not done; after anything else its caller looks first and adopts.
"""

from __future__ import annotations

from lifeboat.core.retry import RetryPolicy
from lifeboat.fly.client.errors import FlyError, NotNow, NotReached, ProtocolError
from lifeboat.fly.client.operation import Safety

POLICY = RetryPolicy(max_attempts=6, deadline_s=60.0, first_wait_s=0.5, max_wait_s=8.0)
"""How patient a single call is."""


def may_repeat(safety: Safety, error: FlyError) -> bool:
    """Tell whether repeating the call could help and can do no harm."""
    if safety is Safety.CREATE:
        return isinstance(error, NotReached)
    return isinstance(error, NotNow)


def is_ambiguous(error: FlyError) -> bool:
    """Tell whether a write that failed so may have been done all the same.

    408, 429 and 5xx count, because a gateway may answer them for a request that went through; so does a
    success that cannot be read.
    """
    doubtful = isinstance(error, NotNow | ProtocolError)
    return doubtful and not isinstance(error, NotReached)


def asked_wait_s(error: FlyError) -> float | None:
    """Return the seconds the server asked to wait, None when it did not."""
    return error.retry_after_s if isinstance(error, NotNow) else None
