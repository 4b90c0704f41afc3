"""One HTTP request as the pipeline works on it, and the JSON answers it may get."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope

from localcloud.fly.api.route import Answer
from localcloud.fly.wire_error import WireError

LONGEST_BODY = 4 * 1024 * 1024
"""Bytes; config files of a machine are the largest thing clients send."""


@dataclass(slots=True, kw_only=True)
class Incoming:
    """A request, read to its end; `body_error` says why there is no `body` although bytes were sent."""

    method: str
    raw_path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any = None
    body_error: WireError | None = None
    path: dict[str, str] = field(default_factory=dict)

    @property
    def is_write(self) -> bool:
        """Whether it may change something."""
        return self.method not in {"GET", "HEAD"}

    def field(self, name: str) -> str:
        """Return a text of the JSON body, empty when there is none."""
        value = self.body.get(name) if isinstance(self.body, dict) else None
        return value if isinstance(value, str) else ""


def without_nulls(value: object) -> object:
    """Return a JSON value without the fields that are null: Go's decoder leaves such a field as it was."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


async def read_request(scope: Scope, receive: Receive) -> Incoming:
    """Read a request; a body that is too long is not kept.

    Raises:
        ClientDisconnect: the caller left before the end of its body.
    """
    request = Request(scope, receive)
    raw, error = await _read_body(request)
    body = None
    if raw and error is None:
        body, error = _decode(raw)
    return Incoming(
        method=scope["method"],
        raw_path=scope.get("raw_path", scope["path"].encode()).decode("latin-1").split("?")[0],
        query=parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        body_error=error,
    )


def as_response(answer: Answer) -> Response:
    """Return the HTTP form of a success."""
    if answer.body is None:
        return Response(status_code=answer.status, headers=answer.headers)
    raw = json.dumps(answer.body, separators=(",", ":")).encode()
    return Response(raw, status_code=answer.status, headers=answer.headers, media_type="application/json")


def as_refusal(error: WireError) -> Response:
    """Return the HTTP form of a no."""
    return as_response(Answer(body=error.body(), status=error.status, headers=error.headers))


async def _read_body(request: Request) -> tuple[bytes, WireError | None]:
    chunks, length = [], 0
    async for chunk in request.stream():
        length += len(chunk)
        if length > LONGEST_BODY:
            return b"", WireError(413, "request body too large", headers={"connection": "close"})
        chunks.append(chunk)
    return b"".join(chunks), None


def _decode(raw: bytes) -> tuple[Any, WireError | None]:
    try:
        value = json.loads(raw, parse_constant=_refuse_constant)
        return (_without_surrogates(value) if b"\\u" in raw else value), None
    except (ValueError, RecursionError) as error:
        return None, WireError(400, f"invalid_argument: malformed JSON in the request body: {error}")


def _without_surrogates(value: object) -> object:
    """Replace lone surrogates, which no file can hold, as Go's decoder does."""
    text = json.dumps(value, ensure_ascii=False)
    return cast("object", json.loads(text.encode("utf-8", "replace")))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
