"""The opaque cursors of Fly's paged lists, which die 30 minutes after the first page was asked for.

Two carriers exist: the response header `fly-next-cursor` (machines, volumes) and `next_cursor` in the body
(apps, certificates, organisation lists). A cursor names the last key shown, so that objects made meanwhile
neither shift nor repeat a page. Source: Fly's API description.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from localcloud.fly.wire_error import WireError

_LIFE = timedelta(minutes=30)
BornAt = Callable[[str], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: the keys to show, and the cursor of the next page, empty on the last one.

    `total` counts the whole list when its first page was asked for.
    """

    keys: tuple[str, ...]
    next_cursor: str
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    first_at: datetime
    after: str
    total: int


def page_of(
    keys: Iterable[str], *, cursor: str, limit: int, now: datetime, born_at: BornAt | None = None
) -> Page:
    """Return the page of a list after a cursor.

    Args:
        keys: unique sortable keys of the whole list; pages go in their order.
        cursor: what the last answer gave; empty for the first page.
        limit: how many keys at most.
        now: the emulated moment.
        born_at: when a key's object was made, if pages must leave out what is younger than the first one.

    Raises:
        WireError: 400, the cursor is none of ours or too old.
    """
    known = sorted(keys)
    start = _decode(cursor, now) if cursor else _Start(first_at=now, after="", total=len(known))
    rest = [key for key in known if key > start.after and (born_at is None or born_at(key) <= start.first_at)]
    shown = tuple(rest[:limit])
    more = len(rest) > limit
    return Page(keys=shown, next_cursor=_encode(start, shown[-1]) if more else "", total=start.total)


def limit_of(text: str, *, default: int, highest: int) -> int:
    """Return a `limit` parameter as a number.

    Raises:
        WireError: 400, not a number from 1 to `highest`.
    """
    if not text:
        return default
    # Not str.isdigit: it is true of digits that int() cannot read.
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= highest):
        raise WireError(400, f"invalid_argument: limit must be between 1 and {highest}")
    return int(text)


def _encode(start: _Start, last_key: str) -> str:
    text = json.dumps([start.first_at.isoformat(), last_key, start.total])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _decode(cursor: str, now: datetime) -> _Start:
    try:
        at, after, total = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        first_at = datetime.fromisoformat(at)
        age = now - first_at
    except (ValueError, TypeError, binascii.Error) as error:
        raise WireError(400, "invalid_argument: invalid cursor") from error
    if age > _LIFE or not isinstance(after, str) or not isinstance(total, int):
        raise WireError(400, "invalid_argument: cursor expired")
    return _Start(first_at=first_at, after=after, total=total)
