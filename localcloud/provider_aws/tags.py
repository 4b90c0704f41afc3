"""Tags in the forms AWS services write them, and what to set and remove to change one set into another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_RESERVED = "aws:"


@dataclass(frozen=True, slots=True, kw_only=True)
class TagChange:
    """Keys to remove, and tags to set."""

    removed: tuple[str, ...]
    added: Mapping[str, str]


def tag_change(old: Mapping[str, str] | None, new: Mapping[str, str] | None) -> TagChange:
    """Compare two sets of tags; None is the empty set."""
    before, after = dict(old or {}), dict(new or {})
    return TagChange(
        removed=tuple(key for key in before if key not in after),
        added={key: value for key, value in after.items() if before.get(key) != value},
    )


def apply_tags(
    old: Mapping[str, str] | None,
    new: Mapping[str, str] | None,
    *,
    remove: Callable[[list[str]], object],
    add: Callable[[dict[str, str]], object],
) -> None:
    """Bring an object's tags from `old` to `new`, with at most one call of each kind.

    Equal sets are written once more: only the completion of an interrupted create asks for that.
    """
    change = tag_change(None if old == new else old, new)
    if change.removed:
        remove(list(change.removed))
    if change.added:
        add(dict(change.added))


def to_pairs(
    tags: Mapping[str, str] | None, *, key: str = "Key", value: str = "Value"
) -> list[dict[str, str]]:
    """Write tags as a list of pairs under a service's own names for key and value."""
    return [{key: name, value: text} for name, text in (tags or {}).items()]


def from_pairs(
    pairs: Iterable[Mapping[str, Any]] | None, *, key: str = "Key", value: str = "Value"
) -> dict[str, str]:
    """Read a list of pairs, without the ones AWS itself sets."""
    found = {str(pair[key]): str(pair.get(value, "")) for pair in pairs or ()}
    return {name: text for name, text in found.items() if not name.startswith(_RESERVED)}
