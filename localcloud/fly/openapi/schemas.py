"""From schemas of OpenAPI 3.0 to JSON Schema, and only as much of the components as one schema needs.

OpenAPI 3.0 is JSON Schema draft 4 but for `nullable`. In requests null stands for an absent field, as Go's
JSON decoder, which Fly uses, takes it.
"""

from __future__ import annotations

import json
import re
from functools import cache

from localcloud.fly.openapi.description import description
from localcloud.fly.openapi.deviations import DEVIATIONS, Schema

_REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')
_LARGEST = 2**63 - 1


def complete(schema: Schema, *, null_is_absent: bool) -> Schema:
    """Return a schema that stands alone: JSON Schema, with the components it refers to.

    Args:
        schema: as in the description.
        null_is_absent: accept null for whatever has a type.
    """
    needed: dict[str, Schema] = {}
    waiting = _references(schema)
    while waiting:
        name = waiting.pop()
        needed[name] = components()[name]
        waiting += [other for other in _references(needed[name]) if other not in needed]
    converted = {name: _convert(found, null_is_absent) for name, found in needed.items()}
    return {**_convert(schema, null_is_absent), "components": {"schemas": converted}}


@cache
def components() -> dict[str, Schema]:
    """Return the description's components with the known deviations of their properties."""
    found: dict[str, Schema] = json.loads(json.dumps(description()["components"]["schemas"]))
    for deviation in DEVIATIONS:
        for place, schema in deviation.properties.items():
            name, _, key = place.rpartition(".")
            found[name].setdefault("properties", {})[key] = schema
    return found


def _references(schema: Schema) -> list[str]:
    found: list[str] = _REFERENCE.findall(json.dumps(schema))
    return found


def _convert(schema: Schema, null_is_absent: bool) -> Schema:
    converted = {key: _convert_part(part, null_is_absent) for key, part in schema.items()}
    if isinstance(schema.get("type"), str):
        _widen(converted, null_is_absent or schema.get("nullable") is True)
    return converted


def _convert_part(part: object, null_is_absent: bool) -> object:
    if isinstance(part, list):
        return [_convert_part(item, null_is_absent) for item in part]
    return _convert(part, null_is_absent) if isinstance(part, dict) else part


def _widen(schema: Schema, nullable: bool) -> None:
    if schema["type"] == "integer":
        schema = _bounded(schema)
    if nullable and schema["type"] != "null":
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]


def _bounded(schema: Schema) -> Schema:
    """Bound an integer to 64 bits, as Go's decoder does."""
    schema.setdefault("minimum", -_LARGEST - 1)
    schema.setdefault("maximum", _LARGEST)
    return schema
