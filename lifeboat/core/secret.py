"""A secret text that does not leak by accident: printing meets a redaction, pickling an error."""

from __future__ import annotations

import hmac
from typing import NoReturn

REDACTED = "[secret]"


class Secret:
    """Wraps a secret so that only `reveal()` shows it.

    It does not compare by timing, is not hashable (a set of secrets is a mistake) and refuses to be pickled,
    so it cannot reach a state file, a journal or another process without somebody writing `reveal()`.
    """

    __slots__ = ("_value",)
    __hash__ = None  # type: ignore[assignment]  # deliberate: see the class docstring

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value; every call site of this method is where a leak could begin."""
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value.encode(), other._value.encode())

    def __repr__(self) -> str:
        return REDACTED

    def __str__(self) -> str:
        return REDACTED

    def __format__(self, _spec: str) -> str:
        return REDACTED

    def __reduce__(self) -> NoReturn:
        msg = "a secret is never pickled"
        raise TypeError(msg)
