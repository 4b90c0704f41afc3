"""Checks inputs against a shape at any depth: unknown and missing properties and wrong types, by path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.paths import Path
from lifeboat.providerkit.values import UNKNOWN, Archive, Asset, Value
from localcloud.provider_aws.shape import Fields, Shape, TypeExpression

_WORDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "asset": "an asset",
    "list": "a list",
    "map": "a map",
    "object": "an object",
}


def validate(shape: Shape, inputs: Mapping[str, Any]) -> tuple[PropertyFailure, ...]:
    """Return what is wrong with inputs; unknown values fit anywhere."""
    return tuple(_object((), shape.inputs, inputs, shape))


def _object(path: Path, fields: Fields, value: Mapping[str, Any], shape: Shape) -> Iterator[PropertyFailure]:
    for name, item in value.items():
        if name.startswith("__"):
            continue
        if name not in fields:
            yield PropertyFailure.at((*path, name), _unknown(name, fields))
        elif item is not None:
            yield from _value((*path, name), fields[name].type, item, shape)
    for name, entry in fields.items():
        if entry.required and value.get(name) is None:
            yield PropertyFailure.at((*path, name), "missing, but required")


def _unknown(name: str, fields: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(fields), n=1)
    return f"no such property; did you mean {near[0]}?" if near else "no such property"


def _value(path: Path, kind: TypeExpression, value: Value, shape: Shape) -> Iterator[PropertyFailure]:
    name = kind if isinstance(kind, str) else kind[0]
    if value is UNKNOWN or name == "any":
        return
    if not _fits(name, value):
        yield PropertyFailure.at(path, f"must be {_WORDS[name]}, not {_described(value)}")
    elif name == "object":
        yield from _object(path, shape.objects[kind[1]], value, shape)
    elif name in ("list", "map"):
        items = enumerate(value) if name == "list" else value.items()
        for step, item in items:
            yield from _value((*path, step), kind[1], item, shape)


def _fits(name: str, value: Value) -> bool:
    if name in ("int", "float"):
        return isinstance(value, int if name == "int" else int | float) and not isinstance(value, bool)
    if name in ("map", "object"):
        return isinstance(value, dict)
    kinds = {"str": str, "bool": bool, "asset": Asset | Archive, "list": list}
    return isinstance(value, kinds[name])


def _described(value: Value) -> str:
    for kind, word in ((bool, "bool"), (int, "int"), (float, "float"), (str, "str"), (list, "list")):
        if isinstance(value, kind):
            return _WORDS[word]
    return "an object" if isinstance(value, dict) else type(value).__name__.lower()
