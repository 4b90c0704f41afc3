"""The way into the two other APIs (GraphQL, uiex and logs): token and declared outage, then the handler.

Neither has an official description to check against, and neither is rate limited as the Machines API is.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from localcloud.fly.api.incoming import Incoming, as_refusal, read_request
from localcloud.fly.faults.board import FaultKind
from localcloud.fly.faults.gate import Gate
from localcloud.fly.ids import Ids
from localcloud.fly.tokens import Identity, identify
from localcloud.fly.wire_error import WireError
from localcloud.fly.world import World


class Door:
    """An ASGI application around a function of a request and who sent it.

    Args:
        world: for tokens, faults and time.
        outage: the declared fault that closes this API.
        inside: what answers; it may raise WireError.
    """

    def __init__(
        self, world: World, outage: FaultKind, inside: Callable[[Incoming, Identity], Response]
    ) -> None:
        self._world = world
        self._outage = outage
        self._inside = inside
        self._gate = Gate(world)
        self._request_ids = Ids(seed=f"{world.records.ids.seed}:{outage}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            incoming = await read_request(scope, receive)
        except ClientDisconnect:
            return
        try:
            response = self._answer(incoming)
        except WireError as error:
            response = as_refusal(error)
        response.headers["fly-request-id"] = self._request_ids.ulid(self._world.clock.now())
        await response(scope, receive, send)

    def _answer(self, incoming: Incoming) -> Response:
        self._world.timeline.settle()
        if spec := self._world.faults.take(self._outage):
            raise WireError(spec.status, "service unavailable")
        self._gate.check_tokens()
        header = incoming.headers.get("authorization", "")
        identity = identify(header, self._world.records.tokens, self._world.clock.now())
        if incoming.body_error is not None:
            raise incoming.body_error
        return self._inside(incoming, identity)
