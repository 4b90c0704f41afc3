"""Fly's description and the listed deviations, read independently of the emulator's own check.

The description is taken from the file as published and handed to openapi-schema-validator. Objects are
closed: a field of an answer that the description does not name is a deviation too. Each deviation is taken
apart, so that every part of it has to be needed by some exchange.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30Validator

import localcloud.fly.openapi.deviations as listed

Schema = dict[str, Any]
_FILE = Path(listed.__file__).with_name("fly-openapi.json")
_INTEGER = re.compile("-?[0-9]+")
_FLAGS = frozenset({"true", "false", "1", "0", "t", "f"})
"""What Go reads as a boolean."""

NULL_REMOVES = frozenset(
    {"Secrets_update", "Machines_update_metadata", "Machines_update_metadata_deprecated"}
)
"""Operations in whose body null is not the same as absence."""

_ERROR: Schema = {"$ref": "#/components/schemas/ErrorResponse"}


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One part of a deviation: `kind` query, body, header, answer, status or property; `key` which one."""

    deviation: int
    kind: str
    key: str

    def __str__(self) -> str:
        deviation = listed.DEVIATIONS[self.deviation]
        return f"{self.kind} {self.key} of {', '.join(deviation.operations)}: {deviation.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of the description."""

    name: str
    method: str
    path: str
    raw: Schema

    def parameters(self, place: str) -> dict[str, Schema]:
        """Return the declared parameters of the path, the query or the headers."""
        return {part["name"]: part for part in self.raw.get("parameters", ()) if part["in"] == place}


@cache
def description() -> Schema:
    """Return the description as published."""
    found: Schema = json.loads(_FILE.read_text())
    return found


@cache
def operations() -> dict[str, Operation]:
    """Return every operation by its id."""
    return {
        raw["operationId"]: Operation(name=raw["operationId"], method=method.upper(), path=path, raw=raw)
        for path, methods in description()["paths"].items()
        for method, raw in methods.items()
    }


@cache
def parts() -> tuple[Part, ...]:
    """Return every part of every listed deviation."""
    found = []
    for number, each in enumerate(listed.DEVIATIONS):
        found += [Part(number, "query", name) for name in each.query]
        found += [Part(number, "body", "optional")] if each.body_optional else []
        found += [Part(number, "header", name) for name in each.optional_headers]
        found += [Part(number, "answer", str(status)) for status in each.answers]
        found += [Part(number, "status", str(status)) for status in each.statuses]
        found += [Part(number, "property", place) for place in each.properties]
    return tuple(found)


@cache
def parts_of(operation: str) -> tuple[Part, ...]:
    """Return the parts that an operation may need."""
    return tuple(
        part
        for part in parts()
        if any(fnmatchcase(operation, pattern) for pattern in listed.DEVIATIONS[part.deviation].operations)
    )


def needed_by_answer(operation: str, status: int, body: object) -> frozenset[Part]:
    """Return the parts of deviations without which an answer would be outside the description.

    Raises:
        AssertionError: it is outside in spite of them all.
    """
    possible = frozenset(p for p in parts_of(operation) if p.kind in {"answer", "status", "property"})
    return _needed(
        possible, lambda given: _is_answer(operation, status, body, given), (operation, status, body)
    )


def needed_by_request(
    operation: str, query: Iterable[tuple[str, str]], headers: Iterable[str], body: object
) -> frozenset[Part]:
    """Return the parts of deviations without which an accepted request would be outside the description.

    Fields of the body that nothing names are ignored, as Go's decoder does, and so is null; an empty value of
    the query counts as absent.

    Raises:
        AssertionError: it is outside in spite of them all.
    """
    possible = frozenset(p for p in parts_of(operation) if p.kind in {"query", "body", "header", "property"})
    asked = tuple((name, value) for name, value in query if value)
    given_headers = frozenset(name.lower() for name in headers)
    meant = body if operation in NULL_REMOVES else without_nulls(body)

    def holds(given: frozenset[Part]) -> bool:
        return (
            _is_query(operation, asked, given)
            and _has_headers(operation, given_headers, given)
            and _is_body(operation, meant, given)
        )

    return _needed(possible, holds, (operation, asked, body))


def without_nulls(value: object) -> object:
    """Return a JSON value without the fields that are null."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def _needed(
    possible: frozenset[Part], holds: Callable[[frozenset[Part]], bool], what: object
) -> frozenset[Part]:
    if holds(frozenset()):
        return frozenset()
    assert holds(possible), f"outside the description and every deviation: {what!r:.2000}"
    indispensable = frozenset(part for part in possible if not holds(possible - {part}))
    if holds(indispensable):
        return indispensable
    # Two parts can stand for each other: the first that does is taken.
    return next(indispensable | {part} for part in sorted(possible) if holds(indispensable | {part}))


def _is_answer(operation: str, status: int, body: object, given: frozenset[Part]) -> bool:
    responses = operations()[operation].raw["responses"]
    schemas: list[Schema | None] = []
    if str(status) in responses:
        contents = (responses[str(status)].get("content") or {}).values()
        schemas += [content["schema"] for content in contents] or [None]
    for part in given:
        if part.kind == "answer" and part.key == str(status):
            schemas.append(dict(listed.DEVIATIONS[part.deviation].answers[status]))
        elif part.kind == "status" and part.key == str(status):
            schemas.append(_ERROR)
    if body is None:
        return None in schemas
    return any(_fits(schema, body, _properties(given)) for schema in schemas if schema is not None)


def _is_query(operation: str, asked: tuple[tuple[str, str], ...], given: frozenset[Part]) -> bool:
    declared = operations()[operation].parameters("query")
    schemas = {name: part["schema"] for name, part in declared.items()}
    for part in given:
        if part.kind == "query":
            schemas[part.key] = listed.DEVIATIONS[part.deviation].query[part.key]
    required = {name for name, part in declared.items() if part.get("required")}
    return required <= {name for name, _ in asked} and all(_is_value(schemas, *pair) for pair in asked)


def _is_value(schemas: Schema, name: str, value: str) -> bool:
    fitting = [schema for pattern, schema in schemas.items() if fnmatchcase(name, pattern)]
    readings: list[object] = [value]
    readings += [int(value)] if _INTEGER.fullmatch(value) else []
    readings += [True] if value.lower() in _FLAGS else []
    return any(_fits(schema, each, frozenset()) for schema in fitting for each in readings)


def _has_headers(operation: str, names: frozenset[str], given: frozenset[Part]) -> bool:
    optional = {part.key for part in given if part.kind == "header"}
    declared = operations()[operation].parameters("header")
    required = {name for name, part in declared.items() if part.get("required")}
    return required - optional <= names


def _is_body(operation: str, body: object, given: frozenset[Part]) -> bool:
    declared = operations()[operation].raw.get("requestBody")
    if declared is None:
        return True
    if body is None:
        return not declared.get("required") or any(part.kind == "body" for part in given)
    schema = declared["content"]["application/json"]["schema"]
    everything = _properties(frozenset(parts_of(operation)))
    return _fits(schema, _known_fields(schema, body, everything), _properties(given))


def _known_fields(schema: Schema, body: object, properties: frozenset[Part]) -> object:
    """Return a body without the fields that neither the description nor a deviation names."""
    validator, kept = _validator(json.dumps(schema), properties), json.loads(json.dumps(body))
    while True:
        unknown = [
            error for error in validator.iter_errors(kept) if error.validator == "additionalProperties"
        ]
        if not unknown or not all(isinstance(error.schema, dict) for error in unknown):
            return kept
        for error in unknown:
            for key in set(error.instance) - set(error.schema.get("properties", ())):
                del error.instance[key]


def _properties(given: frozenset[Part]) -> frozenset[Part]:
    return frozenset(part for part in given if part.kind == "property")


def _fits(schema: Schema, value: object, properties: frozenset[Part]) -> bool:
    return bool(_validator(json.dumps(schema), properties).is_valid(value))


def _closed(schema: Any) -> Any:  # any part of a schema
    """Return a schema whose objects have the fields it names and no others; null is spelt as OpenAPI does."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema == {"type": "null"}:
        return {"enum": [None], "nullable": True}
    closed = {key: _closed(part) for key, part in schema.items()}
    is_object = isinstance(schema.get("properties"), dict) and "allOf" not in schema
    return {"additionalProperties": False, **closed} if is_object else closed


@cache
def _validator(schema: str, properties: frozenset[Part]) -> OAS30Validator:
    return OAS30Validator({**_closed(json.loads(schema)), "components": _components(properties)})


@cache
def _components(properties: frozenset[Part]) -> Schema:
    schemas: Schema = json.loads(json.dumps(description()["components"]["schemas"]))
    for part in properties:
        name, _, key = part.key.rpartition(".")
        real = listed.DEVIATIONS[part.deviation].properties[part.key]
        schemas[name].setdefault("properties", {})[key] = real
    return {"schemas": {name: _closed(schema) for name, schema in schemas.items()}}
