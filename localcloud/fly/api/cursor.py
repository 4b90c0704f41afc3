"""The opaque cursors of Fly's paged lists, which die 30 minutes after the first page was asked for.

Two carriers exist: the response header `fly-next-cursor` (machines, volumes) and `next_cursor` in the body
(apps, certificates, organisation lists). A cursor names the last key shown, so that objects made meanwhile
neither shift nor repeat a page. Source: Fly's API description.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from localcloud.fly.wire_error import WireError

_LIFE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: the keys to show, and the cursor of the next page, empty on the last one."""

    keys: tuple[str, ...]
    next_cursor: str


def page_of(keys: Iterable[str], *, cursor: str, limit: int, now: datetime) -> Page:
    """Return the page of a list after a cursor.

    Args:
        keys: unique sortable keys of the whole list; pages go in their order.
        cursor: what the last answer gave; empty for the first page.
        limit: how many keys at most.
        now: the emulated moment.

    Raises:
        WireError: 400, the cursor is none of ours or too old.
    """
    first_at, after = _decode(cursor, now) if cursor else (now, "")
    rest = sorted(key for key in keys if key > after)
    shown = tuple(rest[:limit])
    more = len(rest) > limit
    return Page(keys=shown, next_cursor=_encode(first_at, shown[-1]) if more else "")


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


def _encode(first_at: datetime, last_key: str) -> str:
    text = json.dumps([first_at.isoformat(), last_key])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _decode(cursor: str, now: datetime) -> tuple[datetime, str]:
    try:
        at, after = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        first_at = datetime.fromisoformat(at)
        age = now - first_at
    except (ValueError, TypeError, binascii.Error) as error:
        raise WireError(400, "invalid_argument: invalid cursor") from error
    if age > _LIFE or not isinstance(after, str):
        raise WireError(400, "invalid_argument: cursor expired")
    return first_at, after
