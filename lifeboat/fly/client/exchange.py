"""One request and its answer: sent once, read within bounds, judged; no repeating here.

An answer is read up to a size and a time, since a half-dead region may drip bytes for ever. The token goes
from `Credentials` into the request and is taken out of whatever text a server sends back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from lifeboat.core.clock import Clock
from lifeboat.fly.client.answer import Answer
from lifeboat.fly.client.broken_transport import RAISED, translate
from lifeboat.fly.client.credentials import Credentials
from lifeboat.fly.client.errors import InvalidRequest, NoAnswer, Origin, ProtocolError
from lifeboat.fly.client.failed_response import Failure, judge, words_of
from lifeboat.fly.client.operation import Operation, Server
from lifeboat.fly.client.settings import FlySettings

LARGEST_BODY = 32 * 1024 * 1024
"""Bytes of an answer after which reading stops."""

WITHHELD = "fly's words are withheld, since they may quote a secret"
CONNECT_TIMEOUT_S = 5.0

Params = Mapping[str, str | int | float | bool | list[str] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What to ask: an operation, the values of its path, and the rest of the request."""

    operation: Operation
    path: Mapping[str, str] = field(default_factory=dict)
    params: Params = field(default_factory=dict)
    body: Any = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout_s: float = 30.0

    @property
    def subject(self) -> str:
        """The object it is about, such as `machine 148e of app web`; the operation's name without one."""
        named = [f"{noun} {value}" for noun, value in self.path.items()][::-1]
        return " of ".join(named) or self.operation.name


class Exchange:
    """Sends calls to Fly's three servers.

    Args:
        settings: addresses and token.
        clock: measures how long an answer takes.
        transport: how requests travel; httpx's own when None.
    """

    def __init__(self, settings: FlySettings, clock: Clock, transport: httpx.BaseTransport | None) -> None:
        self._clock = clock
        self._credentials = Credentials(settings.token)
        self._origins = {
            Server.FLAPS: settings.flaps_url,
            Server.API: settings.api_url,
            Server.UIEX: settings.uiex_url,
        }
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=40)
        self._client = httpx.Client(
            transport=transport, limits=limits, trust_env=not settings.is_loopback, follow_redirects=False
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def redact(self, text: str) -> str:
        """Return a server's text without any of the tokens."""
        return self._credentials.redact(text)

    def send(self, call: Call) -> Answer:
        """Send a call once and return its success.

        Raises:
            FlyError: anything else.
        """
        origin = Origin(operation=call.operation.name)
        try:
            response = self._client.send(self._request(call), stream=True)
            try:
                return self._read(call, response)
            finally:
                response.close()
        except RAISED as error:
            broken = translate(error, call.subject, origin)
        raise broken

    def _request(self, call: Call) -> httpx.Request:
        try:
            address = self._origins[call.operation.server] + call.operation.fill(call.path)
        except ValueError as error:
            raise InvalidRequest(f"{call.operation.name}: {error}") from None
        return self._client.build_request(
            call.operation.method,
            address,
            params={name: _text(value) for name, value in call.params.items() if value is not None},
            json=call.body,
            headers={
                "Accept": "application/json",
                "User-Agent": "lifeboat",
                **call.headers,
                "Authorization": self._credentials.header(call.operation.server),
            },
            timeout=httpx.Timeout(call.timeout_s, connect=CONNECT_TIMEOUT_S),
        )

    def _read(self, call: Call, response: httpx.Response) -> Answer:
        request_id = response.headers.get("fly-request-id", "")
        origin = Origin(operation=call.operation.name, status=response.status_code, request_id=request_id)
        raw = self._bounded(call, response, origin)
        if not response.is_success:
            raise judge(self._failure(call, response, raw, origin))
        return Answer(origin=origin, body=_parsed(call, raw, origin), headers=response.headers)

    def _bounded(self, call: Call, response: httpx.Response, origin: Origin) -> bytes:
        raw = bytearray()
        begun_s = self._clock.monotonic_s()
        for chunk in response.iter_bytes():
            raw += chunk
            if len(raw) > LARGEST_BODY:
                text = f"{call.subject}: the answer is larger than {LARGEST_BODY} bytes"
                raise ProtocolError(text, origin=origin)
            if self._clock.monotonic_s() - begun_s > call.timeout_s:
                raise NoAnswer(f"{call.subject}: the answer does not end", origin=origin)
        return bytes(raw)

    def _failure(self, call: Call, response: httpx.Response, raw: bytes, origin: Origin) -> Failure:
        text = self._credentials.redact(raw.decode("utf-8", "replace"))
        said, code = words_of(text)
        if call.operation.sends_secrets:
            said = WITHHELD
        return Failure(
            status=response.status_code,
            code=code,
            subject=call.subject,
            path=call.path,
            retry_after_s=_retry_after_s(response.headers.get("retry-after", "")),
            origin=Origin(
                operation=origin.operation, status=origin.status, request_id=origin.request_id, said=said
            ),
        )


def _parsed(call: Call, raw: bytes, origin: Origin) -> Any:  # noqa: ANN401  # any JSON value
    if not raw.strip():
        return None
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        broken = ProtocolError(f"{call.subject}: the answer is not JSON", origin=origin)
    raise broken


def _text(value: str | int | float | bool | list[str] | None) -> str | list[str]:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, list) else str(value)


def _retry_after_s(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdecimal() else None
