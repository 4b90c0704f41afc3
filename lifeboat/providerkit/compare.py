"""The difference between old and new inputs, by path and kind: a pure function.

None and absent are the same. An unknown new value counts as a change. A change under a force-new pattern
gets a `*_REPLACE` kind. Changes under an ignored path are left out, also when only a part of an added
object is ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from lifeboat.providerkit.paths import Path, is_above, starts_with
from lifeboat.providerkit.requests import ChangeKind
from lifeboat.providerkit.values import UNKNOWN, Value


def _never(_path: Path, _old: object, _new: object) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How to compare the inputs of one type.

    Args:
        force_new: patterns whose change needs a new object.
        ignored: patterns whose changes do not count.
        unordered: patterns of lists that are sets.
        sticky: patterns the service fills in when the program is silent; leaving one out is no change.
        same: an extra notion of equality for a path, such as JSON texts with the same meaning.
    """

    force_new: tuple[Path, ...] = ()
    ignored: tuple[Path, ...] = ()
    unordered: tuple[Path, ...] = ()
    sticky: tuple[Path, ...] = ()
    same: Callable[[Path, object, object], bool] = _never


def compare(old: Mapping[str, Any], new: Mapping[str, Any], rules: Rules) -> dict[Path, ChangeKind]:
    """Return the changed paths with their kinds, deepest meaningful path each; empty when nothing changed."""
    changes: dict[Path, ChangeKind] = {}
    _mapping((), old, new, rules, changes)
    return changes


def _value(path: Path, old: Value, new: Value, rules: Rules, changes: dict[Path, ChangeKind]) -> None:
    if _any(path, rules.ignored) or (new is None and (old is None or _any(path, rules.sticky))):
        return
    if _both(old, new, dict) or (_holds_ignored(path, rules) and _either(old, new, dict)):
        _mapping(path, old or {}, new or {}, rules, changes)
    elif _both(old, new, list) and _any(path, rules.unordered):
        _set(path, old, new, rules, changes)
    elif _both(old, new, list):
        _sequence(path, old, new, rules, changes)
    elif not _same_leaf(path, old, new, rules):
        changes[path] = _kind(path, old, new, rules)


def _mapping(
    path: Path, old: Mapping[str, Any], new: Mapping[str, Any], rules: Rules, changes: dict[Path, ChangeKind]
) -> None:
    for key in dict.fromkeys([*old, *new]):
        # Keys with two underscores are the kit's and the engine's own book-keeping.
        if not key.startswith("__"):
            _value((*path, key), old.get(key), new.get(key), rules, changes)


def _sequence(
    path: Path, old: list[Any], new: list[Any], rules: Rules, changes: dict[Path, ChangeKind]
) -> None:
    for at, (one, two) in enumerate(zip_longest(old, new)):
        _value((*path, at), one, two, rules, changes)


def _set(path: Path, old: list[Any], new: list[Any], rules: Rules, changes: dict[Path, ChangeKind]) -> None:
    gone = dict(enumerate(old))
    added = {}
    for at, item in enumerate(new):
        twin = next((place for place, other in gone.items() if _equal(path, other, item, rules)), None)
        if twin is None:
            added[at] = item
        else:
            del gone[twin]
    for at in sorted(gone.keys() | added.keys()):
        changes[(*path, at)] = _kind((*path, at), gone.get(at), added.get(at), rules)


def _equal(path: Path, old: object, new: object, rules: Rules) -> bool:
    changes: dict[Path, ChangeKind] = {}
    _value((*path, 0), old, new, rules, changes)
    return not changes


def _same_leaf(path: Path, old: object, new: object, rules: Rules) -> bool:
    if old is None or new is None or new is UNKNOWN or isinstance(old, bool) is not isinstance(new, bool):
        return False
    return old == new or rules.same(path, old, new)


def _kind(path: Path, old: object, new: object, rules: Rules) -> ChangeKind:
    plain = ChangeKind.ADD if old is None else ChangeKind.DELETE if new is None else ChangeKind.UPDATE
    return ChangeKind(f"{plain}_REPLACE") if _forces_new(path, old, new, rules) else plain


def _forces_new(path: Path, old: object, new: object, rules: Rules) -> bool:
    if _any(path, rules.force_new):
        return True
    inner = [pattern[len(path) :] for pattern in rules.force_new if is_above(path, pattern)]
    return any(_reaches(old, rest) or _reaches(new, rest) for rest in inner)


def _reaches(value: object, rest: Path) -> bool:
    if not rest:
        return value is not None
    if value is UNKNOWN:
        return True
    if isinstance(value, dict):
        return _reaches(value.get(str(rest[0])), rest[1:])
    return isinstance(value, list) and any(_reaches(item, rest[1:]) for item in value)


def _holds_ignored(path: Path, rules: Rules) -> bool:
    return any(is_above(path, pattern) for pattern in rules.ignored)


def _any(path: Path, patterns: tuple[Path, ...]) -> bool:
    return any(starts_with(path, pattern) for pattern in patterns)


def _both(old: object, new: object, kind: type) -> bool:
    return isinstance(old, kind) and isinstance(new, kind)


def _either(old: object, new: object, kind: type) -> bool:
    return (isinstance(old, kind) or old is None) and (isinstance(new, kind) or new is None)
