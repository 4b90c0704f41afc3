"""The edge as an ASGI app: finds the app of a request and streams a machine's answer back.

Upgrades (WebSockets) and tunnels are not served here and answer 501.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import httpx
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from localcloud.fly.ids import Ids
from localcloud.fly.model import App
from localcloud.fly.proxy.body import Body, ClientLeft
from localcloud.fly.proxy.delivery import Delivered, Delivery, Undeliverable
from localcloud.fly.proxy.headers import to_client
from localcloud.fly.proxy.hosts import app_of, is_public
from localcloud.fly.proxy.incoming import Incoming, read_scope


class AnswerBroken(Exception):
    """The machine ended its connection in the middle of an answer that has begun."""


class EdgeApplication:
    """Serves the requests of one listener.

    Args:
        delivery: hands requests to machines.
        only_app: whose own listener this is, whatever host name is asked for; empty for the shared one.
    """

    def __init__(self, delivery: Delivery, only_app: str = "") -> None:
        self._delivery = delivery
        self._only_app = only_app
        self._ids = Ids(seed=secrets.token_hex(16))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request = read_scope(scope)
        region = request.region or self._delivery.settings.edge_region
        request_id = f"{self._ids.ulid(self._delivery.world.clock.now())}-{region}"
        try:
            answer = await self._deliver(request, Body(receive), request_id)
        except Undeliverable as error:
            await _refusal(error, request_id)(scope, receive, send)
            return
        except ClientLeft:
            return
        try:
            await _streaming(answer, request_id)(scope, receive, send)
        except AnswerBroken:
            # Returning without the answer's end makes the server cut the connection: the client must notice.
            return
        finally:
            await answer.close()

    async def _deliver(self, request: Incoming, body: Body, request_id: str) -> Delivered:
        if request.is_tunnel:
            raise Undeliverable(501, "upgrades and tunnels are not supported by the local cloud")
        app = self._app_of(request.host)
        if app is None:
            asked = self._only_app or request.host
            raise Undeliverable(404, f"no app with an address answers for {asked!r}")
        return await self._delivery.deliver(request, body, app, request_id)

    def _app_of(self, host: str) -> App | None:
        apps = self._delivery.world.apps
        if not self._only_app:
            return app_of(host, apps)
        app = apps.get(self._only_app)
        return app if app is not None and is_public(app) else None


def _streaming(answer: Delivered, request_id: str) -> Response:
    response = StreamingResponse(_content(answer.response), status_code=answer.response.status_code)
    response.raw_headers = to_client(answer.response.headers.raw, request_id)
    return response


async def _content(response: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in response.aiter_raw():
            yield chunk
    except httpx.TransportError as error:
        raise AnswerBroken from error


def _refusal(error: Undeliverable, request_id: str) -> Response:
    headers = {"fly-request-id": request_id, "via": "1.1 fly.io", "cache-control": "no-store"}
    return PlainTextResponse(f"{error}\n", status_code=error.status, headers=headers)
