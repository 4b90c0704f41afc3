"""S3 errors by code; moto finds the HTTP status that belongs to a code in the service's model."""

from __future__ import annotations

import importlib
from typing import cast


def s3_error(code: str, message: str) -> Exception:
    """Return the exception that moto answers as this error."""
    exceptions = importlib.import_module("moto.s3.exceptions")
    return cast("Exception", exceptions.S3ClientError(code, message))
