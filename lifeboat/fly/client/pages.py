"""Collects lists of several pages: `next_cursor` in the body, or `fly-next-cursor` in a header.

Org-wide lists also say `error_regions`: regions whose data is missing while the answer is a success.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from lifeboat.fly.client.answer import Answer
from lifeboat.fly.client.exchange import Params
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.operation import Operation

ModelT = TypeVar("ModelT", bound=BaseModel)
MOST_PAGES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected(Generic[ModelT]):
    """Every item of a list, and the regions that are missing in it."""

    items: tuple[ModelT, ...]
    error_regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[ModelT]):
    """What a list consists of.

    Args:
        operation: the list's operation.
        model: what one item is.
        field: the body's field that holds the items; empty when the body is the list.
    """

    operation: Operation
    model: type[ModelT]
    field: str = ""


def collect(
    http: Http, listing: Listing[ModelT], path: Mapping[str, str], params: Params | None = None
) -> Collected[ModelT]:
    """Read all pages of a list.

    Raises:
        ProtocolError: an item has another shape, or the pages never end.
        FlyError: a page cannot be read; a part of a list is never returned as the list.
    """
    items: list[ModelT] = []
    regions: set[str] = set()
    seen: set[str] = set()
    cursor = ""
    while True:
        answer = http.call(listing.operation, path, params={**(params or {}), "cursor": cursor or None})
        items += [answer.read(listing.model, item) for item in answer.items(listing.field)]
        regions |= _error_regions(answer)
        cursor = _next_cursor(answer)
        if not cursor:
            return Collected(items=tuple(items), error_regions=tuple(sorted(regions)))
        if cursor in seen or len(seen) >= MOST_PAGES:
            raise answer.surprise("is a page that never ends")
        seen.add(cursor)


def _next_cursor(answer: Answer) -> str:
    found: Any = answer.body.get("next_cursor") if isinstance(answer.body, dict) else None
    found = found or answer.headers.get("fly-next-cursor", "")
    return found if isinstance(found, str) else ""


def _error_regions(answer: Answer) -> set[str]:
    found = answer.body.get("error_regions") if isinstance(answer.body, dict) else None
    return {region for region in found or () if isinstance(region, str)}
