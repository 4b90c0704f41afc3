"""The one way a handler says no: an HTTP status, Fly's words, and Fly's code where it has one.

Bodies are word for word those seen in production (the table in `api/said.py` names each); `code` is the
`status` field of Fly's `ErrorResponse`.
"""

from __future__ import annotations


class WireError(Exception):
    """An answer other than success.

    Args:
        status: HTTP status.
        error: the text Fly puts in `error`.
        code: the machine-readable `status` of the body; empty to leave it out.
        headers: extra headers.
    """

    def __init__(
        self, status: int, error: str, *, code: str = "", headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {error}")
        self.status = status
        self.error = error
        self.code = code
        self.headers = headers or {}

    def body(self) -> dict[str, str]:
        """Return the JSON body."""
        return {"error": self.error, **({"status": self.code} if self.code else {})}


class NotImplementedHere(WireError):
    """The operation exists on Fly and not in this emulator; never a false success."""

    def __init__(self, what: str) -> None:
        super().__init__(501, f"{what} is not supported by the local cloud")
