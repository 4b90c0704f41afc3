"""The package's name, version and the tokens of its types and functions."""

from __future__ import annotations

PACKAGE = "fly"
VERSION = "0.1.0"


def token_of(name: str) -> str:
    """Return the token of a resource, object type or function, such as `fly:index:App`."""
    return f"{PACKAGE}:index:{name}"
