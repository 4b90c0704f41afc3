"""What Fly keeps of a value it is sent: the fields its description names, as Go's decoder drops all others.

A misspelled key is therefore accepted and then missing, here as at Fly. Pure.
"""

from __future__ import annotations

from typing import Any

from localcloud.fly.openapi.deviations import Schema
from localcloud.fly.openapi.schemas import components

_PREFIX = "#/components/schemas/"


def known_fields(component: str, value: Any) -> Any:  # noqa: ANN401  # any JSON value
    """Return a JSON value without the fields that a component of the description does not name.

    Args:
        component: such as `fly.MachineConfig`.
        value: what was sent, already of the right types.
    """
    return _kept(components()[component], value)


def _kept(schema: Schema, value: Any) -> Any:  # noqa: ANN401  # any JSON value
    if "$ref" in schema:
        return known_fields(schema["$ref"].removeprefix(_PREFIX), value)
    if isinstance(value, list):
        return [_kept(schema.get("items", {}), item) for item in value]
    if not isinstance(value, dict):
        return value
    for part in schema.get("allOf", ()):
        # The description uses it for a reference with a text of its own, never to combine.
        value = _kept(part, value)
    named = schema.get("properties", {})
    # An object whose fields are not named at all is a map: of anything, or of what is said of its values.
    others = schema.get("additionalProperties", {} if not named else None)
    return {
        key: _kept(named.get(key, others), item)
        for key, item in value.items()
        if key in named or others is not None
    }
