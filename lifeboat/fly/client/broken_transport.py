"""Turns what the HTTP library raises into the error tree, telling "surely not sent" from "perhaps done".

Only the kind of failure is said, never the library's own text: it may quote a header, and with it the token.
"""

from __future__ import annotations

import httpx

from lifeboat.fly.client.errors import FlyError, NoAnswer, NotReached, Origin, ProtocolError

RAISED = (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, httpx.CookieConflict)
"""Everything httpx raises."""

_KINDS: tuple[tuple[tuple[type[Exception], ...], type[FlyError], str], ...] = (
    ((httpx.ConnectTimeout,), NotReached, "no connection in time"),
    ((httpx.PoolTimeout,), NotReached, "no free connection in time"),
    ((httpx.ConnectError,), NotReached, "cannot connect"),
    ((httpx.ProxyError,), NotReached, "the proxy does not connect"),
    ((httpx.UnsupportedProtocol,), NotReached, "not an http address"),
    ((httpx.ReadTimeout, httpx.WriteTimeout), NoAnswer, "no answer in time"),
    ((httpx.LocalProtocolError,), ProtocolError, "the request is not HTTP"),
    (
        (httpx.RemoteProtocolError, httpx.NetworkError, httpx.TimeoutException),
        NoAnswer,
        "the connection broke",
    ),
    ((httpx.DecodingError,), ProtocolError, "the answer's encoding is broken"),
    ((httpx.TooManyRedirects, httpx.HTTPStatusError), ProtocolError, "an answer that is no answer"),
    ((httpx.InvalidURL, httpx.CookieConflict), ProtocolError, "the request cannot be made"),
    ((httpx.HTTPError, httpx.StreamError), NoAnswer, "the connection broke"),
)


def translate(error: Exception, subject: str, origin: Origin) -> FlyError:
    """Return the error that a failure of the HTTP library means for a call about `subject`."""
    for kinds, meaning, text in _KINDS:
        if isinstance(error, kinds):
            return meaning(f"{subject}: {text}", origin=origin)
    return NoAnswer(f"{subject}: the connection broke", origin=origin)
