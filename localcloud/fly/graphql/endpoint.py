"""POST /graphql: one request, one answer, status 200 also for errors, as GraphQL over HTTP has it."""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import ASGIApp

from localcloud.fly.api.door import Door
from localcloud.fly.api.incoming import Incoming, as_response
from localcloud.fly.api.route import Answer
from localcloud.fly.faults.board import FaultKind
from localcloud.fly.graphql.caller import Caller
from localcloud.fly.graphql.execution import Document, run
from localcloud.fly.tokens import Identity
from localcloud.fly.wire_error import WireError
from localcloud.fly.world import World


def graphql_app(world: World) -> ASGIApp:
    """Return the ASGI application of `/graphql`."""

    def inside(incoming: Incoming, identity: Identity) -> Response:
        if incoming.method != "POST":
            raise WireError(405, "method not allowed")
        document = _document(incoming.body)
        return as_response(Answer(body=run(document, Caller(world=world, identity=identity))))

    return Door(world, FaultKind.GRAPHQL_DOWN, inside)


def _document(body: object) -> Document:
    fields = body if isinstance(body, dict) else {}
    query, variables = fields.get("query"), fields.get("variables")
    name = fields.get("operationName")
    if not isinstance(query, str) or not isinstance(variables, dict | None):
        raise WireError(400, "a GraphQL request is an object with a query and variables")
    return Document(
        query=query,
        variables=variables or {},
        operation_name=name if isinstance(name, str) and name else None,
    )
