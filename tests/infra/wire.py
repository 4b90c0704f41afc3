"""Values as they travel between a Pulumi program and the engine, read without loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime.rpc import UNKNOWN, _special_secret_sig, _special_sig_key


@dataclass(frozen=True, slots=True)
class Marked:
    """A value the program marked as secret."""

    value: Any


class Unknown:
    """A value that is not known in a preview."""


def read(properties: struct_pb2.Struct) -> dict[str, Any]:
    """Return properties as plain values, whole numbers as `int`, secrets and unknowns marked."""
    plain: dict[str, Any] = _mark(json_format.MessageToDict(properties))
    return plain


def write(properties: dict[str, Any]) -> struct_pb2.Struct:
    """Return plain values as properties."""
    struct = struct_pb2.Struct()
    struct.update(_unmark(properties))
    return struct


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield every leaf with its path; a secret is one leaf."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{index}]")
    else:
        yield path, value


def _mark(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get(_special_sig_key) == _special_secret_sig:
            return Marked(_mark(value["value"]))
        return {key: _mark(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_mark(inner) for inner in value]
    if value == UNKNOWN:
        return Unknown()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _unmark(value: Any) -> Any:
    if isinstance(value, Marked):
        return {_special_sig_key: _special_secret_sig, "value": _unmark(value.value)}
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, dict):
        return {key: _unmark(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_unmark(inner) for inner in value]
    return value
