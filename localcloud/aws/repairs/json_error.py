"""Errors of the services that speak JSON, by code."""

from __future__ import annotations

import importlib
from typing import cast


def json_error(code: str, message: str) -> Exception:
    """Return the exception that moto answers as this error, with status 400."""
    exceptions = importlib.import_module("moto.core.exceptions")
    return cast("Exception", exceptions.JsonRESTError(code, message))
