"""Checks inputs against a declaration at any depth: unknown and missing properties, wrong types, by path.

Pure. An unknown value of a preview fits anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from lifeboat.fly.provider.schema.declaration import ObjectType, Properties, Property
from lifeboat.fly.provider.schema.expression import Kind, TypeExpression
from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.paths import Path
from lifeboat.providerkit.values import UNKNOWN, Value

_WORDS = {
    Kind.STRING: "a text",
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number",
    Kind.BOOLEAN: "true or false",
    Kind.LIST: "a list",
    Kind.MAP: "a map",
    Kind.OBJECT: "an object",
}
_PYTHON: dict[Kind, type | tuple[type, ...]] = {
    Kind.STRING: str,
    Kind.INTEGER: int,
    Kind.NUMBER: (int, float),
    Kind.BOOLEAN: bool,
    Kind.LIST: list,
    Kind.MAP: dict,
    Kind.OBJECT: dict,
}


def with_defaults(properties: Properties, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given inputs, completed by the declared defaults; what is None counts as not given."""
    defaults = {name: item.default for name, item in properties.items() if item.default is not None}
    return {**defaults, **{name: value for name, value in given.items() if value is not None}}


def validate(
    properties: Properties, types: Iterable[ObjectType], given: Mapping[str, Any]
) -> tuple[PropertyFailure, ...]:
    """Return what is wrong with inputs.

    Args:
        properties: the declared inputs.
        types: the object types they name.
        given: the inputs, defaults filled in.
    """
    return tuple(_Validation({item.token: item.properties for item in types}).object((), properties, given))


class _Validation:
    def __init__(self, objects: Mapping[str, Properties]) -> None:
        self._objects = objects

    def object(self, path: Path, fields: Properties, value: Mapping[str, Any]) -> Iterator[PropertyFailure]:
        for name, item in value.items():
            if name.startswith("__"):
                continue
            if name not in fields:
                yield PropertyFailure.at((*path, name), _stranger(name, fields))
            elif item is not None:
                yield from self._property((*path, name), fields[name], item)
        for name, declared in fields.items():
            if declared.required and value.get(name) is None:
                yield PropertyFailure.at((*path, name), "missing, but required")

    def _property(self, path: Path, declared: Property, value: Value) -> Iterator[PropertyFailure]:
        if declared.allowed and isinstance(value, str) and value not in declared.allowed:
            yield PropertyFailure.at(path, f"{value!r} is not one of {', '.join(declared.allowed)}")
        yield from self._value(path, declared.type, value)

    def _value(self, path: Path, kind: TypeExpression, value: Value) -> Iterator[PropertyFailure]:
        if value is UNKNOWN or kind.kind is Kind.ANY:
            return
        if not _fits(kind.kind, value):
            yield PropertyFailure.at(path, f"must be {_WORDS[kind.kind]}, not {_described(value)}")
        elif kind.kind is Kind.OBJECT:
            yield from self.object(path, self._objects[kind.token], value)
        elif kind.items is not None:
            for step, item in enumerate(value) if isinstance(value, list) else value.items():
                yield from self._value((*path, step), kind.items, item)


def _stranger(name: str, fields: Iterable[str]) -> str:
    near = get_close_matches(name, list(fields), n=1)
    return f"no such property; did you mean {near[0]}?" if near else "no such property"


def _fits(kind: Kind, value: Value) -> bool:
    if isinstance(value, bool):
        return kind is Kind.BOOLEAN
    return isinstance(value, _PYTHON[kind])


def _described(value: Value) -> str:
    kinds = (Kind.BOOLEAN, Kind.INTEGER, Kind.NUMBER, Kind.STRING, Kind.LIST, Kind.MAP)
    return next((_WORDS[kind] for kind in kinds if isinstance(value, _PYTHON[kind])), "nothing")
