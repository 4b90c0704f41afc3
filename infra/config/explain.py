"""What pydantic found, in the words of an operator: key path first, no class names, no echo of the value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from infra.config.problem import Problem
from infra.config.secret_shapes import hide

_Context = dict[str, Any]

_MESSAGES: dict[str, Callable[[_Context], str]] = {
    "missing": lambda _: "is missing",
    "bool_type": lambda _: "must be true or false",
    "int_type": lambda _: "must be a whole number",
    "int_from_float": lambda _: "must be a whole number",
    "float_type": lambda _: "must be a number",
    "finite_number": lambda _: "must be a finite number",
    "string_type": lambda _: "must be a text (put it in quotes)",
    "dict_type": lambda _: "must be a mapping",
    "model_type": lambda _: "must be a mapping",
    "model_attributes_type": lambda _: "must be a mapping",
    "tuple_type": lambda _: "must be a list",
    "enum": lambda context: f"must be one of {context['expected']}".replace(" or ", ", ").replace("'", ""),
    "greater_than_equal": lambda context: f"must be at least {context['ge']}",
    "less_than_equal": lambda context: f"must be at most {context['le']}",
    "string_too_short": lambda context: f"must have at least {context['min_length']} characters",
    "string_too_long": lambda context: f"must have at most {context['max_length']} characters",
    "too_short": lambda context: f"must have at least {context['min_length']} entries",
    "too_long": lambda context: f"must have at most {context['max_length']} entries",
    "string_pattern_mismatch": lambda context: f"must match {context['pattern']}",
}


def explain(error: ValidationError, model: type[BaseModel], prefix: tuple[str, ...]) -> Iterator[Problem]:
    """Yield a problem for each finding of pydantic.

    Args:
        error: what validation raised.
        model: the model that was validated; unknown keys are compared with its fields.
        prefix: path of the section within the file.
    """
    for detail in error.errors(include_url=False, include_input=False):
        path = tuple(
            hide(part) if isinstance(part, str) else part for part in detail["loc"] if part != "[key]"
        )
        yield Problem(path=(*prefix, *path), message=_message(detail, model))


def suggestion(name: str, known: tuple[str, ...]) -> str:
    """Return `; did you mean 'x'?` when a known name is close, or else the known names."""
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(known)}"


def _message(detail: ErrorDetails, model: type[BaseModel]) -> str:
    if detail["type"] == "extra_forbidden":
        known = _fields_at(model, detail["loc"][:-1])
        return f"unknown key{suggestion(str(detail['loc'][-1]), known)}"
    described = _MESSAGES.get(detail["type"])
    return described(detail.get("ctx", {})) if described else detail["msg"].lower()


def _fields_at(model: type[BaseModel], path: tuple[str | int, ...]) -> tuple[str, ...]:
    """Return the keys a mapping may have, following a path through nested sections."""
    here: type[BaseModel] = model
    for part in path:
        field = here.model_fields.get(str(part))
        if field is not None:
            here = section_in(field.annotation) or here
    return tuple(here.model_fields)


def section_in(annotation: object) -> type[BaseModel] | None:
    """Return the section inside an annotation such as `tuple[Route, ...]` or `Network | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = section_in(argument)
        if found is not None:
            return found
    return None
