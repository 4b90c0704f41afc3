"""The shape of a resource type: which inputs the pulumi_aws SDK declares, of which type, and which outputs.

Shapes say nothing about what forces a replacement, defaults or ids; that is each type's own declaration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

TypeExpression: TypeAlias = str | list[Any]
"""`str`, `int`, `float`, `bool`, `asset`, `any`, or `["list", T]`, `["map", T]`, `["object", NAME]`.

Plain JSON values, so that shapes can be kept in a file as they are.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One input: its type, and whether it must be given."""

    type: TypeExpression
    required: bool


Fields: TypeAlias = Mapping[str, Property]
"""The properties of an object by wire name (camelCase)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Inputs, nested objects by SDK class name, output names and secret outputs of one type."""

    inputs: Fields
    outputs: frozenset[str]
    secret_outputs: frozenset[str] = frozenset()
    objects: Mapping[str, Fields] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the shape as plain JSON values."""
        return {
            "inputs": _fields_to_json(self.inputs),
            "outputs": sorted(self.outputs),
            "secret_outputs": sorted(self.secret_outputs),
            "objects": {name: _fields_to_json(fields) for name, fields in self.objects.items()},
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Shape:
        """Rebuild a shape from `to_json`.

        Raises:
            KeyError, TypeError, ValueError: the document is not one.
        """
        return cls(
            inputs=_fields_from_json(document["inputs"]),
            outputs=frozenset(document["outputs"]),
            secret_outputs=frozenset(document["secret_outputs"]),
            objects={name: _fields_from_json(fields) for name, fields in document["objects"].items()},
        )


def _fields_to_json(fields: Fields) -> dict[str, Any]:
    return {name: [entry.type, entry.required] for name, entry in fields.items()}


def _fields_from_json(document: Mapping[str, Any]) -> Fields:
    return {name: Property(type=kind, required=required) for name, (kind, required) in document.items()}
