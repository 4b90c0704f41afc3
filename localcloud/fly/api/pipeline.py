"""What happens to every Machines REST request, in order: the stages of `/v1`.

    request id ─► token ─► which operation (404, 405, 501) ─► declared faults ─► rate limit
      ─► JSON and description (413, 400) ─► handler ─► description again (500: our bug) ─► lost answers

An answer always carries `fly-request-id`; a connection that a fault drops carries nothing.
"""

from __future__ import annotations

import inspect

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from localcloud.fly.api.dispatch import Match, RouteTable
from localcloud.fly.api.incoming import Incoming, as_refusal, as_response, read_request
from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.ids import Ids
from localcloud.fly.tokens import Identity, identify
from localcloud.fly.wire_error import NotImplementedHere, WireError
from localcloud.fly.world import World


class Pipeline:
    """The ASGI application of `/v1`."""

    def __init__(self, world: World, table: RouteTable) -> None:
        self._world = world
        self._table = table
        self._request_ids = Ids(seed=f"{world.records.ids.seed}:requests")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            incoming = await read_request(scope, receive)
        except ClientDisconnect:
            return
        try:
            response = await self._answer(incoming)
        except WireError as error:
            response = as_refusal(error)
        response.headers["fly-request-id"] = self._request_ids.ulid(self._world.clock.now())
        await response(scope, receive, send)

    async def _answer(self, incoming: Incoming) -> Response:
        self._world.timeline.settle()
        identity = self._identify(incoming)
        match = self._find(incoming)
        route = self._built(match)
        if incoming.body_error is not None:
            raise incoming.body_error
        return as_response(await self._handle(route, incoming, match, identity))

    def _identify(self, incoming: Incoming) -> Identity:
        header = incoming.headers.get("authorization", "")
        return identify(header, self._world.records.tokens, self._world.clock.now())

    def _find(self, incoming: Incoming) -> Match:
        match = self._table.find(incoming.method, incoming.raw_path)
        if match is not None:
            return match
        if self._table.methods(incoming.raw_path):
            raise WireError(405, "method not allowed")
        raise WireError(404, "404 page not found")

    def _built(self, match: Match) -> Route:
        if match.route is None:
            raise NotImplementedHere(match.operation_id)
        return match.route

    async def _handle(self, route: Route, incoming: Incoming, match: Match, identity: Identity) -> Answer:
        call = Call(
            world=self._world,
            path=match.path,
            query=incoming.query,
            body=incoming.body,
            headers=incoming.headers,
            caller=identity.caller,
            scope=identity.scope,
        )
        answer = route.handler(call)
        return await answer if inspect.isawaitable(answer) else answer
