"""Goes through a model of nested dataclasses and tuples."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator


def walk(value: object) -> Iterator[object]:
    """Yield a value and everything in it, containers before their content."""
    yield value
    if isinstance(value, tuple):
        for item in value:
            yield from walk(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from walk(getattr(value, field.name))
