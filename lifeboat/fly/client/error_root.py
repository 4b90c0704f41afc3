"""The root of the Fly client's errors, and what each of them carries; the tree is in `errors`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from lifeboat.core.errors import LifeboatError


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an error comes from.

    Args:
        operation: name of the operation, such as `machines.create`; empty outside a call.
        status: HTTP status; None when there was no answer.
        request_id: Fly's `fly-request-id`, which its support asks for; empty without one.
        said: Fly's own words; empty without any.
    """

    operation: str = ""
    status: int | None = None
    request_id: str = ""
    said: str = ""

    def note(self) -> str:
        """Return the bracket that ends a message: operation, status and request id."""
        request = f"request {self.request_id}" if self.request_id else ""
        parts = (self.operation, str(self.status or ""), request)
        return " ".join(part for part in parts if part)


NOWHERE = Origin()


class CapacityScope(StrEnum):
    """How far one has to go to find room."""

    HOST = "host"
    """This host is full: make the machine anew, on another host of the same region."""
    REGION = "region"
    """The region is full: take the next one."""
    VOLUME = "volume"
    """The volume's host is full: a new volume (fork, snapshot) elsewhere."""
    QUOTA = "quota"
    """The organisation's quota in this region: another region, or ask Fly."""


class FlyError(LifeboatError):
    """Root of everything that talking to Fly.io can raise.

    Args:
        message: what happened to which object; lower-case, no full stop.
        origin: operation, status and request id, which are added to the message.
        hint: what to do next; each class has its own by default.
    """

    exit_code: ClassVar[int] = 6
    meaning: ClassVar[str] = "fly.io: a human must look"
    transient: ClassVar[bool] = False
    advice: ClassVar[str] = ""

    def __init__(self, message: str, *, origin: Origin = NOWHERE, hint: str = "") -> None:
        note = origin.note()
        text = f"{message} ({note})" if note else message
        super().__init__(text, hint=hint or self.advice, retryable=self.transient)
        self.origin = origin

    @property
    def status(self) -> int | None:
        """The HTTP status, None when there was no answer."""
        return self.origin.status

    @property
    def request_id(self) -> str:
        """Fly's request id, empty when there was none."""
        return self.origin.request_id

    @property
    def operation(self) -> str:
        """The operation's name, such as `machines.create`."""
        return self.origin.operation

    @property
    def said(self) -> str:
        """Fly's own words."""
        return self.origin.said


class NotNow(FlyError):
    """Fly cannot do it at the moment.

    Args:
        message: what happened.
        retry_after_s: seconds Fly asks to wait; None when it did not say.
        origin: where it comes from.
    """

    transient = True

    def __init__(self, message: str, *, retry_after_s: float | None = None, origin: Origin = NOWHERE) -> None:
        super().__init__(message, origin=origin)
        self.retry_after_s = retry_after_s
