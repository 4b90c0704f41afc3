"""What happens to every Machines REST request, in order: the stages of `/v1`.

    request id ─► token ─► which operation (404, 405, 501) ─► declared faults ─► rate limit
      ─► JSON and description (413, 400) ─► handler ─► description again (500: our bug) ─► lost answers

An answer always carries `fly-request-id`; a connection that a fault drops carries nothing.
"""

from __future__ import annotations

import inspect
import logging

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from localcloud.fly.api.connection import Dropped, drop
from localcloud.fly.api.dispatch import Match, RouteTable
from localcloud.fly.api.incoming import Incoming, as_refusal, as_response, read_request, without_nulls
from localcloud.fly.api.rate_limits import RateLimits
from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.faults.gate import Gate
from localcloud.fly.faults.stale_view import StaleView
from localcloud.fly.faults.subject import subject_of
from localcloud.fly.ids import Ids
from localcloud.fly.openapi.check import OutsideDescription, check_of
from localcloud.fly.tokens import Identity, identify
from localcloud.fly.wire_error import NotImplementedHere, WireError
from localcloud.fly.world import World

_NULL_REMOVES = frozenset(
    {"Secrets_update", "Machines_update_metadata", "Machines_update_metadata_deprecated"}
)
"""Operations in whose body null means: remove this key. Elsewhere null stands for an absent field."""

_log = logging.getLogger(__name__)


class Pipeline:
    """The ASGI application of `/v1`.

    Args:
        world: what handlers work on.
        table: the operations.
        stale: what reads show under stale reads; told about every change.
    """

    def __init__(self, world: World, table: RouteTable, stale: StaleView) -> None:
        self._world = world
        self._table = table
        self._stale = stale
        self._gate = Gate(world)
        self.limits = RateLimits()
        self._request_ids = Ids(seed=f"{world.records.ids.seed}:requests")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or lose it."""
        try:
            response = await self._respond(await read_request(scope, receive))
        except ClientDisconnect:
            return
        except Dropped:
            await drop(scope, receive)
            return
        response.headers["fly-request-id"] = self._request_ids.ulid(self._world.clock.now())
        await response(scope, receive, send)

    async def _respond(self, incoming: Incoming) -> Response:
        self._world.timeline.settle()
        try:
            return as_response(await self._answer(incoming))
        except WireError as error:
            return as_refusal(error)

    async def _answer(self, incoming: Incoming) -> Answer:
        identity = self._identify(incoming)
        match = self._find(incoming)
        about = subject_of(self._world, match, incoming)
        await self._gate.before(about, is_write=incoming.is_write)
        route = _built(match)
        self.limits.take(route.pace, match, self._world.clock.monotonic_s())
        _check_request(match, incoming)
        self._stale.begin()
        world = self._world if incoming.is_write else self._stale.world_for(about)
        answer = await _handle(route, _call(world, match, incoming, identity))
        _check_answer(match, answer)
        await self._gate.after(about, is_write=incoming.is_write)
        return answer

    def _identify(self, incoming: Incoming) -> Identity:
        self._gate.check_tokens()
        header = incoming.headers.get("authorization", "")
        return identify(header, self._world.records.tokens, self._world.clock.now())

    def _find(self, incoming: Incoming) -> Match:
        match = self._table.find(incoming.method, incoming.raw_path)
        if match is not None:
            return match
        if self._table.methods(incoming.raw_path):
            raise WireError(405, "method not allowed")
        raise WireError(404, "404 page not found")


def _built(match: Match) -> Route:
    if match.route is None:
        raise NotImplementedHere(match.operation_id)
    return match.route


def _check_request(match: Match, incoming: Incoming) -> None:
    if incoming.body_error is not None:
        raise incoming.body_error
    check = check_of(match.operation_id)
    if check is not None:
        check.check_request(incoming.query, incoming.body)


def _check_answer(match: Match, answer: Answer) -> None:
    check = check_of(match.operation_id)
    if check is None:
        return
    try:
        check.check_answer(answer.status, answer.body)
    except (OutsideDescription, ValueError) as error:
        _log.error("the local cloud would answer what Fly never does: %s", error)
        raise WireError(500, f"local cloud: this answer is outside Fly's description: {error}") from error


def _call(world: World, match: Match, incoming: Incoming, identity: Identity) -> Call:
    return Call(
        world=world,
        path=match.path,
        query=incoming.query,
        body=incoming.body if match.operation_id in _NULL_REMOVES else without_nulls(incoming.body),
        headers=incoming.headers,
        caller=identity.caller,
        scope=identity.scope,
    )


async def _handle(route: Route, call: Call) -> Answer:
    answer = route.handler(call)
    return await answer if inspect.isawaitable(answer) else answer
