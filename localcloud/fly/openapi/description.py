"""The official description, read once when it is first needed."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "fly-openapi.json"


@cache
def description() -> dict[str, Any]:
    """Return the whole description as it was published."""
    found: dict[str, Any] = json.loads(_FILE.read_bytes())
    return found


@cache
def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Return (method, path, operation) of every operation by its id."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in description()["paths"].items()
        for method, operation in methods.items()
    }
