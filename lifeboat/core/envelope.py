"""The one JSON document a command prints with `--json`: the same keys for success and failure."""

from __future__ import annotations

from collections.abc import Sequence

from lifeboat.core.errors import LifeboatError

SCHEMA_VERSION = 1


def success(command: str, data: object, *, warnings: Sequence[str] = ()) -> dict[str, object]:
    """Return the envelope of a command that did what it was asked to do."""
    return _envelope(command, ok=True, data=data, warnings=warnings, error=None)


def failure(command: str, error: LifeboatError, *, data: object = None) -> dict[str, object]:
    """Return the envelope of a command that ended with one of our errors."""
    problem = {
        "code": type(error).__name__,
        "exit_code": error.exit_code,
        "message": error.message,
        "hint": error.hint,
        "retryable": error.retryable,
    }
    return _envelope(command, ok=False, data=data, warnings=(), error=problem)


def _envelope(
    command: str, *, ok: bool, data: object, warnings: Sequence[str], error: object
) -> dict[str, object]:
    return {
        "schema_version": SCHEMA_VERSION,
        "command": command,
        "ok": ok,
        "data": data,
        "warnings": list(warnings),
        "error": error,
    }
