"""Reads a failed answer into the error tree: a pure function of status, headers and body.

Order: the `status` code of the body first, because whoever set it has classified the failure already; then
the HTTP status with Fly's words, which are no contract and are therefore matched narrowly and only under the
statuses they were seen with. Words that are not known never become a capacity or a name error.
Sources: fly-go `flaps_error.go` and its tests; bodies seen in production.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lifeboat.fly.client import errors
from lifeboat.fly.client.errors import CapacityScope, FlyError, Origin
from lifeboat.fly.client.failed_words import capacity_scope, conflict, precondition

_LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A failed answer, before it is judged.

    Args:
        status: HTTP status.
        code: the body's `status` field; empty without one.
        subject: the object the call was about, such as `machine 148e of app web`.
        path: the values of the operation's path.
        retry_after_s: what the server asked for; None without it.
        origin: operation, status, request id and Fly's words.
    """

    status: int
    code: str
    subject: str
    path: Mapping[str, str]
    retry_after_s: float | None
    origin: Origin

    @property
    def said(self) -> str:
        """Fly's words."""
        return self.origin.said

    @property
    def message(self) -> str:
        """The sentence of the error: the object and Fly's words."""
        return f"{self.subject}: {self.said or 'no reason given'}"


def words_of(text: str) -> tuple[str, str]:
    """Return Fly's words and code from a body; a body that is no JSON object is taken as words.

    flyctl prefers `message` to `error` when both exist; GraphQL-style `errors` are not for here.
    """
    try:
        body: Any = json.loads(text)
    except (ValueError, RecursionError):
        return _tidy(text), ""
    if not isinstance(body, dict):
        return _tidy(text), ""
    said = body.get("message") or body.get("error") or ""
    code = body.get("status")
    return _tidy(said if isinstance(said, str) else json.dumps(said)), code if isinstance(code, str) else ""


def judge(failure: Failure) -> FlyError:
    """Return the error a failed answer means."""
    found = _by_code(failure) or _BY_STATUS.get(failure.status, _other)(failure)
    return found or _other(failure)


_SCOPES = {
    "insufficient_capacity": CapacityScope.REGION,
    "volume_placement_capacity": CapacityScope.VOLUME,
}


def _by_code(failure: Failure) -> FlyError | None:
    if failure.code == "name_taken":
        return errors.NameTaken(failure.message, origin=failure.origin)
    scope = _SCOPES.get(failure.code) or capacity_scope(failure.status, failure.said, failure.code)
    return errors.Capacity(failure.message, scope=scope, origin=failure.origin) if scope else None


def _bad_request(failure: Failure) -> FlyError | None:
    if failure.said.strip().lower().removeprefix("not_found: ") == "volume not found":
        return errors.VolumeGone(failure.message, origin=failure.origin)
    return None


def _unauthorized(failure: Failure) -> FlyError:
    return errors.Unauthorized(failure.message, origin=failure.origin)


def _forbidden(failure: Failure) -> FlyError:
    return errors.Forbidden(failure.message, origin=failure.origin)


def _not_found(failure: Failure) -> FlyError:
    return _missing_kind(failure)(failure.message, origin=failure.origin)


def _missing_kind(failure: Failure) -> type[errors.NotFound]:
    said = failure.said.lower()
    for noun, kind in _MISSING.items():
        if f"{noun} not found" in said or f"could not find {noun}" in said or f"invalid {noun} id" in said:
            return kind
    innermost = next(reversed(list(failure.path)), "")
    return _MISSING.get(innermost, errors.NotFound)


_MISSING: dict[str, type[errors.NotFound]] = {
    "lease": errors.LeaseNotFound,
    "machine": errors.MachineNotFound,
    "volume": errors.VolumeNotFound,
    "app": errors.AppNotFound,
}


def _timed_out(failure: Failure) -> FlyError:
    if "failed to reach desired state" in failure.said or failure.origin.operation == "machines.wait":
        return errors.WaitTimeout(failure.message, origin=failure.origin)
    return _unavailable(failure)


def _conflict(failure: Failure) -> FlyError | None:
    return conflict(failure.message, failure.origin, of_machine="machine" in failure.path)


def _precondition(failure: Failure) -> FlyError:
    return precondition(failure.message, failure.origin)


def _unprocessable(failure: Failure) -> FlyError | None:
    if not failure.code and "Name has already been taken" in failure.said:
        return errors.NameTaken(failure.message, origin=failure.origin)
    return None


def _limited(failure: Failure) -> FlyError:
    return errors.RateLimited(failure.message, retry_after_s=failure.retry_after_s, origin=failure.origin)


def _unsupported(failure: Failure) -> FlyError:
    return errors.Unsupported(failure.message, origin=failure.origin)


def _unavailable(failure: Failure) -> FlyError:
    return errors.Unavailable(failure.message, retry_after_s=failure.retry_after_s, origin=failure.origin)


_BY_STATUS: dict[int, Callable[[Failure], FlyError | None]] = {
    400: _bad_request,
    401: _unauthorized,
    403: _forbidden,
    404: _not_found,
    408: _timed_out,
    409: _conflict,
    410: _not_found,
    412: _precondition,
    422: _unprocessable,
    429: _limited,
    501: _unsupported,
}


def _other(failure: Failure) -> FlyError:
    if failure.status >= 500:  # noqa: PLR2004  # server errors start here
        return _unavailable(failure)
    if failure.status >= 400:  # noqa: PLR2004  # and client errors here
        return errors.InvalidRequest(failure.message, origin=failure.origin)
    return errors.ProtocolError(f"{failure.subject}: an answer that is no answer", origin=failure.origin)


def _tidy(text: str) -> str:
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"
