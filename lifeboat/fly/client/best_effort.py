"""Makes every failure of a service that recoveries must not need into one error that callers may ignore.

GraphQL and uiex have been down for hours on their own (2025-04-14, 2026-04-23) while machines could be worked
with. Only "there is no such thing" and "that is no valid question" stay what they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lifeboat.fly.client.errors import FlyError, InvalidRequest, NotFound, Unavailable


@contextmanager
def best_effort(what: str) -> Iterator[None]:
    """Turn what goes wrong inside into `Unavailable`.

    Args:
        what: what is not known then, such as `releases of app web`.

    Raises:
        Unavailable: the service does not answer, refuses the token, or answers something else.
        NotFound, InvalidRequest: as they are.
    """
    try:
        yield
    except (NotFound, InvalidRequest, Unavailable):
        raise
    except FlyError as error:
        raise Unavailable(f"{what}: {error.message}", origin=error.origin) from error
