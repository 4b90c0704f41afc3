"""Writes the types of a machine's config for the Fly provider's schema, from Fly's own API description.

`python -m tools.fly_schema` writes; with `--check` it only says whether the file is out of date. Descriptions
that Fly's document leaves out come from `tools/fly_words.json`; one that is missing in both is an error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "localcloud" / "fly" / "openapi" / "fly-openapi.json"
WORDS = ROOT / "tools" / "fly_words.json"
TARGET = ROOT / "lifeboat" / "fly" / "provider" / "schema" / "machine_config.json"
_TOP = "fly.MachineConfig"
_REFERENCE = "#/components/schemas/"
_STALE = 10


def generated() -> str:
    """Return what the file must hold.

    Raises:
        KeyError: a type or property has no description anywhere.
    """
    schemas = json.loads(SOURCE.read_text())["components"]["schemas"]
    words = json.loads(WORDS.read_text())
    types = {_name(name): _object(name, schemas, words) for name in sorted(_reachable(_TOP, schemas))}
    return "{\n" + ",\n".join(_lines(types)) + "\n}\n"


def _lines(types: dict[str, Any]) -> Iterator[str]:
    """One line per property, so that a change of Fly's document is readable as a change of this file."""
    for name, item in types.items():
        properties = ",\n  ".join(
            f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
            for key, value in sorted(item["properties"].items())
        )
        description = json.dumps(item["description"], ensure_ascii=False)
        yield f'{json.dumps(name)}: {{"description": {description}, "properties": {{\n  {properties}\n}}}}'


def _reachable(top: str, schemas: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    waiting = [top]
    while waiting:
        name = waiting.pop()
        if name not in found and "properties" in schemas[name]:
            found.add(name)
            waiting.extend(_references(schemas[name]))
    return found


def _references(value: Any) -> Iterator[str]:  # noqa: ANN401  # parsed JSON
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"].removeprefix(_REFERENCE)
        for item in value.values():
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


def _object(name: str, schemas: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    schema, short = schemas[name], _name(name)
    required = set(schema.get("required", ()))
    return {
        "description": _words(schema, short, words),
        "properties": {
            key: {
                **_type(value, schemas),
                "description": _words(value, f"{short}.{key}", words),
                **({"required": True} if key in required else {}),
            }
            for key, value in schema["properties"].items()
        },
    }


def _type(value: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    reference = next(_references({key: value[key] for key in ("$ref", "allOf") if key in value}), "")
    if reference and "properties" in schemas[reference]:
        return {"type": "object", "of": _name(reference)}
    plain = schemas[reference] if reference else value
    if "items" in plain:
        return {"type": "array", "of": _type(plain["items"], schemas)}
    if "additionalProperties" in plain:
        return {"type": "map", "of": _type(plain["additionalProperties"], schemas)}
    if plain["type"] == "object":
        return {"type": "any"}
    return {"type": plain["type"], **({"allowed": plain["enum"]} if "enum" in plain else {})}


def _words(schema: dict[str, Any], place: str, words: dict[str, str]) -> str:
    own = " ".join(schema.get("description", "").split())
    return own or words[place]


def _name(name: str) -> str:
    short = name.removeprefix("fly.")
    return short[0].upper() + short[1:]


def main(arguments: list[str]) -> int:
    """Write or check the file; return 10 when a check finds it out of date."""
    text = generated()
    if TARGET.exists() and TARGET.read_text() == text:
        return 0
    if "--check" in arguments:
        sys.stderr.write(f"{TARGET.name}: out of date; run python -m tools.fly_schema\n")
        return _STALE
    TARGET.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
