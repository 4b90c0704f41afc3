"""What the AWS SDK calls things: the properties of every type, nested ones too, read from its own classes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import pulumi_aws as aws
from pulumi._types import (
    input_type_py_to_pulumi_names,
    input_type_types,
    is_input_type,
    unwrap_type,
)

from tests.infra.wire import Marked


def unknown_properties(type_: str, inputs: dict[str, Any]) -> list[str]:
    """Return the paths of properties that the type does not have.

    Args:
        type_: token, `aws:s3/bucket:Bucket`.
        inputs: as registered, on the wire's names.
    """
    return list(_unknown(arguments_class(type_), inputs, ""))


def input_names(type_: str) -> set[str]:
    """Return the names of a type's inputs on the wire."""
    return set(input_type_py_to_pulumi_names(arguments_class(type_)).values())


@cache
def arguments_class(type_: str) -> type:
    """Return the class of a type's arguments.

    Its name is not always `<Type>Args` (`BucketVersioningInitArgs`); it is the first name its module exports.

    Raises:
        AttributeError: the SDK has no such type.
    """
    module_name, class_name = type_.removeprefix("aws:").split(":")
    resource = getattr(getattr(aws, module_name.split("/")[0]), class_name)
    module = sys.modules[resource.__module__]
    found: type = getattr(module, module.__all__[0])
    return found


def _unknown(arguments: type, values: dict[str, Any], path: str) -> Iterator[str]:
    names = set(input_type_py_to_pulumi_names(arguments).values())
    types = input_type_types(arguments)
    for name, value in values.items():
        here = f"{path}.{name}" if path else name
        if name not in names:
            yield here
        else:
            yield from _below(types.get(name), value, here)


def _below(declared: Any, value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Marked):
        value = value.value
    if isinstance(value, list):
        element = _element_of(declared)
        for index, each in enumerate(value):
            yield from _below(element, each, f"{path}[{index}]")
    elif isinstance(value, dict) and isinstance(declared, type) and is_input_type(declared):
        yield from _unknown(declared, value, path)


def _element_of(declared: Any) -> Any:
    element = getattr(declared, "__args__", (None,))[0]
    return unwrap_type(element) if element is not None else None
