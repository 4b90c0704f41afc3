"""Secret marks and unknowns inside property values: marks off, marks back on, unknowns found.

A mark sits at a path. When values come back from a handler the mark is put on the same path if it is still
there, and otherwise on the whole top-level property: too much is marked rather than too little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lifeboat.providerkit.paths import Path
from lifeboat.providerkit.values import UNKNOWN, Properties, SecretValue, Value


def strip(properties: Mapping[str, Any]) -> Properties:
    """Return the properties without any secret mark."""
    return {key: _bare(value) for key, value in properties.items()}


def secret_paths(properties: Mapping[str, Any]) -> frozenset[Path]:
    """Return the paths that carry a secret mark; what lies under a mark is not looked at."""
    return frozenset(path for path, value in _walk((), dict(properties)) if isinstance(value, SecretValue))


def unknown_paths(properties: Mapping[str, Any]) -> tuple[Path, ...]:
    """Return the paths whose value is unknown, also under secret marks."""
    return tuple(path for path, value in _walk((), strip(properties)) if value is UNKNOWN)


def remark(properties: Mapping[str, Any], paths: Iterable[Path]) -> Properties:
    """Return the properties with a mark on every given path, or on its whole property when it is gone."""
    marked = dict(properties)
    for path in sorted(paths, key=len):
        key = str(path[0])
        if key in marked and not isinstance(marked[key], SecretValue):
            marked[key] = _mark(marked[key], path[1:])
    return marked


def _mark(value: Value, rest: Path) -> Value:
    if isinstance(value, SecretValue) or value is None:
        return value
    if not rest:
        return SecretValue(_bare(value))
    step = rest[0]
    if isinstance(value, dict) and step in value:
        return {**value, step: _mark(value[step], rest[1:])}
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return [*value[:step], _mark(value[step], rest[1:]), *value[step + 1 :]]
    return SecretValue(_bare(value))


def _bare(value: Value) -> Value:
    if isinstance(value, SecretValue):
        return _bare(value.value)
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_bare(item) for item in value]
    return value


def _walk(path: Path, value: Value) -> Iterator[tuple[Path, Value]]:
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _walk((*path, key), item)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _walk((*path, position), item)
