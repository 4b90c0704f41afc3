"""Whether a request and its answer are what Fly's description, with the known deviations, allows.

Validators are compiled per operation when it is first called. Messages name the place and never the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from functools import cache

from jsonschema_rs import Draft4Validator

from localcloud.fly.openapi.description import operations
from localcloud.fly.openapi.deviations import Schema, deviations_of
from localcloud.fly.openapi.schemas import complete
from localcloud.fly.wire_error import WireError

_ERROR: Schema = {"$ref": "#/components/schemas/ErrorResponse"}
_FLAGS = frozenset({"true", "false", "1", "0", "t", "f", "True", "False", "TRUE", "FALSE", "T", "F"})
_MASK = "the value"
_FIRST_REFUSAL = 400


class OutsideDescription(Exception):
    """An answer of ours that Fly would not give: our bug."""


class OperationCheck:
    """The check of one operation of Fly's description."""

    def __init__(self, operation_id: str) -> None:
        self.operation_id = operation_id
        _, _, operation = operations()[operation_id]
        deviations = deviations_of(operation_id)
        declared = [part for part in operation.get("parameters", ()) if part["in"] == "query"]
        self._query: dict[str, Schema] = {part["name"]: part["schema"] for part in declared}
        for deviation in deviations:
            self._query.update(deviation.query)
        self._required_query = [part["name"] for part in declared if part.get("required")]
        body = operation.get("requestBody")
        self._body = _request_validator(body) if body else None
        optional = any(deviation.body_optional for deviation in deviations)
        self._body_required = bool(body and body.get("required")) and not optional
        self._answers = _answers(operation, operation_id)
        self._validators: dict[int, list[Draft4Validator]] = {}

    def check_request(self, query: Mapping[str, list[str]], body: object) -> None:
        """Check what a client sent.

        Raises:
            WireError: 400, naming the parameter or the place in the body.
        """
        for name in self._required_query:
            if not (query.get(name) or [""])[-1]:
                raise _invalid(f"query parameter {name} is required")
        for name, values in query.items():
            self._check_parameter(name, values)
        if body is None and self._body_required:
            raise _invalid("a JSON request body is required")
        if body is not None and self._body is not None:
            _raise_first(self._body, body, _invalid)

    def check_answer(self, status: int, body: object) -> None:
        """Check what a handler answers.

        Raises:
            OutsideDescription: neither the description nor a deviation has it.
        """
        if status not in self._answers:
            raise OutsideDescription(f"{self.operation_id} never answers {status}")
        schemas = self._answers[status]
        if body is None and (not schemas or None in schemas):
            return
        validators = self._of_status(status)
        if not validators:
            raise OutsideDescription(f"{self.operation_id} answers {status} with a body, which it never has")
        if not any(validator.is_valid(body) for validator in validators):
            _raise_first(validators[0], body, self._outside)

    def _outside(self, text: str) -> OutsideDescription:
        return OutsideDescription(f"{self.operation_id}: {text}")

    def _of_status(self, status: int) -> list[Draft4Validator]:
        if status not in self._validators:
            self._validators[status] = [
                _compile(schema, null_is_absent=False)
                for schema in self._answers[status]
                if schema is not None
            ]
        return self._validators[status]

    def _check_parameter(self, name: str, values: list[str]) -> None:
        schema = self._query.get(name) or next(
            (found for pattern, found in self._query.items() if fnmatchcase(name, pattern)), None
        )
        if schema is None:
            raise _invalid(f"unknown query parameter {name[:60]!r}")
        for value in values:
            if not _is_of(value, schema):
                raise _invalid(f"query parameter {name} is not {_kind(schema)}")


@cache
def check_of(operation_id: str) -> OperationCheck | None:
    """Return the check of an operation, None for one that is ours alone."""
    return OperationCheck(operation_id) if operation_id in operations() else None


def _answers(operation: Schema, operation_id: str) -> dict[int, list[Schema | None]]:
    """Return the possible bodies by status; None in a list means that no body is one of them."""
    found: dict[int, list[Schema | None]] = {}
    for status, response in operation["responses"].items():
        contents = response.get("content") or {}
        found[int(status)] = [content["schema"] for content in contents.values()] or [None]
    for deviation in deviations_of(operation_id):
        for code, schema in deviation.answers.items():
            found.setdefault(code, []).append(schema)
        for code in deviation.statuses:
            found.setdefault(code, [_ERROR])
    return found


def _request_validator(body: Schema) -> Draft4Validator:
    schema = next(iter(body["content"].values())).get("schema", {})
    return _compile(schema, null_is_absent=True)


def _compile(schema: Schema, *, null_is_absent: bool) -> Draft4Validator:
    return Draft4Validator(complete(schema, null_is_absent=null_is_absent), mask=_MASK)


def _raise_first(validator: Draft4Validator, value: object, error: Callable[[str], Exception]) -> None:
    for found in validator.iter_errors(value):
        place = ".".join(str(part) for part in found.instance_path)
        raise error(f"{place or 'body'}: {found.message}")


def _invalid(text: str) -> WireError:
    return WireError(400, f"invalid_argument: {text}")


def _is_of(value: str, schema: Schema) -> bool:
    if "anyOf" in schema:
        return any(_is_of(value, part) for part in schema["anyOf"])
    if value == "":
        return True
    if schema.get("type") == "integer":
        return _NUMBER.fullmatch(value) is not None
    if schema.get("type") == "boolean":
        return value in _FLAGS
    return "enum" not in schema or set(value.split(",")) <= set(schema["enum"])


_NUMBER = re.compile("-?[0-9]{1,18}")


def _kind(schema: Schema) -> str:
    if "enum" in schema:
        return f"one of {', '.join(schema['enum'])}"
    return {"integer": "an integer", "boolean": "a boolean"}.get(schema.get("type", ""), "valid")
