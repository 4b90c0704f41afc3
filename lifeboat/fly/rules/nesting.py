"""Shapes of lists and mappings, made of other shapes.

Unknown keys of a `Struct` are problems: Fly ignores them silently, so a misspelled check would never run.
In canonical form they stay, because what a newer API answers must not look equal to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from lifeboat.fly.rules.leaves import Shape, Text
from lifeboat.fly.rules.problem import IsUnknown, Problem
from lifeboat.providerkit.paths import Path
from lifeboat.providerkit.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf:
    """A list of values of one shape; the order counts."""

    item: Shape

    def problems(self, value: Value, at: Path, is_unknown: IsUnknown) -> Iterator[Problem]:
        """Look at every item."""
        if not isinstance(value, list | tuple):
            yield Problem(path=at, reason="must be a list")
            return
        for place, one in enumerate(value):
            if one is None:
                yield Problem(path=(*at, place), reason="must not be null")
            else:
                yield from look(self.item, one, (*at, place), is_unknown)

    def canonical(self, value: Value) -> Value:
        """Normalise every item; an empty list is nothing, an item that says nothing keeps its place."""
        if not isinstance(value, list | tuple):
            return value
        return [self._item(one) for one in value] or None

    def _item(self, one: Value) -> Value:
        meant = self.item.canonical(one)
        if meant is None:
            return {} if isinstance(one, Mapping) else one
        return meant


@dataclass(frozen=True, slots=True, kw_only=True)
class MapOf:
    """A mapping from free names to values of one shape."""

    item: Shape
    plain: bool = False
    """Whether values keep their exact form, such as the texts of an environment."""

    def problems(self, value: Value, at: Path, is_unknown: IsUnknown) -> Iterator[Problem]:
        """Look at every value, and at the names being texts that are not empty."""
        if not isinstance(value, Mapping):
            yield Problem(path=at, reason="must be a mapping")
            return
        for name, one in value.items():
            if not isinstance(name, str) or not name:
                yield Problem(path=at, reason=f"{name!r} is not a name")
            else:
                yield from look(self.item, one, (*at, name), is_unknown)

    def canonical(self, value: Value) -> Value:
        """Normalise every value; an empty mapping is nothing."""
        if not isinstance(value, Mapping):
            return value
        return {name: self._item(one) for name, one in value.items() if one is not None} or None

    def _item(self, one: Value) -> Value:
        if self.plain:
            return one
        meant = self.item.canonical(one)
        return {} if meant is None else meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Struct:
    """An object with known keys.

    Args:
        keys: the shape of each key.
        required: keys that must be there and not null.
        elsewhere: keys of other formats (fly.toml) and what they are called here.
    """

    keys: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    def problems(self, value: Value, at: Path, is_unknown: IsUnknown) -> Iterator[Problem]:
        """Look at every key; unknown ones get a suggestion."""
        if not isinstance(value, Mapping):
            yield Problem(path=at, reason="must be a mapping")
            return
        for key, one in value.items():
            if key in self.keys:
                yield from look(self.keys[key], one, (*at, key), is_unknown)
            else:
                yield Problem(path=(*at, str(key)), reason=self._unknown_key(str(key)))
        for key in self.required:
            if value.get(key) in (None, ""):
                yield Problem(path=(*at, key), reason="is missing")

    def canonical(self, value: Value) -> Value:
        """Normalise every key and leave out those that mean nothing; an object of nothing is nothing."""
        if not isinstance(value, Mapping):
            return value
        meant = {key: self._canonical_key(key, one) for key, one in value.items()}
        return {key: one for key, one in meant.items() if one is not None} or None

    def _canonical_key(self, key: str, one: Value) -> Value:
        shape = self.keys.get(key)
        if shape is None:
            return None if one in ([], {}) else one
        return None if one is None else shape.canonical(one)

    def _unknown_key(self, key: str) -> str:
        if key in self.elsewhere:
            return f"unknown key; the Machines API calls it {self.elsewhere[key]!r}"
        near = get_close_matches(key, self.keys, n=1)
        return "unknown key" + (f"; did you mean {near[0]!r}?" if near else "")


def look(shape: Shape, value: Value, at: Path, is_unknown: IsUnknown) -> Iterator[Problem]:
    """Yield what is wrong with a value that may be missing or not yet known."""
    if value is not None and not is_unknown(value):
        yield from shape.problems(value, at, is_unknown)


TEXTS = MapOf(item=Text(default=None), plain=True)
"""Names to texts, kept exactly as they are."""

WORDS = ListOf(item=Text(default=None))
"""A list of texts."""
