"""After a create whose answer got lost: looks at the world, adopts what was made, or says why it cannot.

The create itself is never repeated here. A look that finds nothing proves little right after the call, so it
is repeated; and it proves nothing as long as the request may still be running behind a gateway.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from lifeboat.core.clock import Clock
from lifeboat.fly.client.errors import FlyError, NoAnswer, Origin, UnknownOutcome
from lifeboat.fly.client.repeating import is_ambiguous

Found = TypeVar("Found")

LOOKS_AFTER_S = (1.0, 4.0, 10.0)
"""Seconds to wait before each look."""

_GATEWAY_STATUSES = frozenset((408, 502, 504))
_FIRST_FAILURE = 400


class Undecidable(Exception):
    """A look saw something from which the outcome does not follow; the text says what."""


def adopt(clock: Clock, what: str, error: FlyError, look: Callable[[], Found | None]) -> Found:
    """Return what an ambiguous create made.

    Args:
        clock: waits between looks.
        what: the object, such as `volume data of app web`.
        error: what the create failed with.
        look: returns the object when it is there and None when it is surely not there now.

    Raises:
        FlyError: `error` itself when the create surely ended without making anything: it may be repeated.
        UnknownOutcome: it could not be found out.
    """
    if not is_ambiguous(error):
        raise error
    doubt = "no look succeeded"
    for wait_s in LOOKS_AFTER_S:
        clock.sleep(wait_s)
        try:
            found = look()
        except (FlyError, Undecidable) as failed:
            doubt = str(failed)
            continue
        if found is not None:
            return found
        doubt = "" if _has_ended(error) else "it is not there yet, and the request may still be running"
    if not doubt:
        raise error
    raise _unknown(what, error, doubt) from error


def the_new_one(
    found: Iterable[Found], known: Collection[str], key: Callable[[Found], str], what: str
) -> Found | None:
    """Return the only item of a list that was not there before.

    Args:
        found: the items of the kind that was asked for, read now.
        known: keys of the items that were there before the create.
        key: what identifies an item.
        what: the object, for the reason.

    Raises:
        Undecidable: several are new: somebody else creates the same kind.
    """
    fresh = [one for one in found if key(one) not in known]
    if len(fresh) > 1:
        names = ", ".join(sorted(map(key, fresh)))
        raise Undecidable(f"several are new where one {what} was asked for: {names}")
    return fresh[0] if fresh else None


def _has_ended(error: FlyError) -> bool:
    is_refusal = error.status is not None and error.status >= _FIRST_FAILURE
    return is_refusal and not isinstance(error, NoAnswer) and error.status not in _GATEWAY_STATUSES


def _unknown(what: str, error: FlyError, doubt: str) -> UnknownOutcome:
    origin = Origin(operation=error.operation, status=error.status, request_id=error.request_id)
    return UnknownOutcome(f"{what}: whether it was made is unknown: {doubt}", origin=origin)
