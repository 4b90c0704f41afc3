"""The types of a machine's config, from Fly's OpenAPI description: `python -m tools.fly_schema`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lifeboat.fly.provider.schema.declaration import ObjectType, Property
from lifeboat.fly.provider.schema.expression import (
    ANY,
    BOOLEAN,
    INTEGER,
    NUMBER,
    STRING,
    TypeExpression,
    list_of,
    map_of,
    object_of,
)
from lifeboat.fly.provider.schema.identity import token_of

_FILE = Path(__file__).with_suffix(".json")
_SCALARS = {"string": STRING, "integer": INTEGER, "number": NUMBER, "boolean": BOOLEAN, "any": ANY}


def _types() -> tuple[ObjectType, ...]:
    written: dict[str, Any] = json.loads(_FILE.read_text())
    return tuple(
        ObjectType(
            token=token_of(name),
            description=item["description"],
            properties={key: _property(value) for key, value in item["properties"].items()},
        )
        for name, item in written.items()
    )


def _property(written: dict[str, Any]) -> Property:
    return Property(
        type=_expression(written),
        description=written["description"],
        required=written.get("required", False),
        allowed=tuple(written.get("allowed", ())),
    )


def _expression(written: dict[str, Any]) -> TypeExpression:
    kind = written["type"]
    if kind == "object":
        return object_of(token_of(written["of"]))
    if kind == "array":
        return list_of(_expression(written["of"]))
    return map_of(_expression(written["of"])) if kind == "map" else _SCALARS[kind]


MACHINE_TYPES = _types()
"""Every object type that a machine's config can hold."""

MACHINE_CONFIG = object_of(token_of("MachineConfig"))
"""The config itself, in Fly's own spelling."""

MACHINE_GUEST = object_of(token_of("MachineGuest"))
"""CPUs and memory; also what a volume says about the machine that will use it."""

GUEST_TYPES = tuple(item for item in MACHINE_TYPES if item.token == MACHINE_GUEST.token)
"""The object types of `MACHINE_GUEST`."""
