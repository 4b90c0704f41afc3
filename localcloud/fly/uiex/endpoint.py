"""The ASGI application of `/api/v1`."""

from __future__ import annotations

import inspect

from starlette.responses import Response
from starlette.types import ASGIApp

from localcloud.fly.api.dispatch import RouteTable
from localcloud.fly.api.door import Door
from localcloud.fly.api.incoming import Incoming, as_response
from localcloud.fly.api.route import Call
from localcloud.fly.faults.board import FaultKind
from localcloud.fly.tokens import Identity
from localcloud.fly.uiex import builds, egress_ips, logs, organizations, releases
from localcloud.fly.wire_error import WireError
from localcloud.fly.world import World

ROUTES = (
    *builds.ROUTES,
    *egress_ips.ROUTES,
    *logs.ROUTES,
    *organizations.ROUTES,
    *releases.ROUTES,
)


def uiex_app(world: World) -> ASGIApp:
    """Return the application: releases, builds, organisations and logs."""
    table = RouteTable(ROUTES, ())

    def inside(incoming: Incoming, identity: Identity) -> Response:
        match = table.find(incoming.method, incoming.raw_path)
        if match is None or match.route is None:
            raise WireError(404, "404 page not found")
        call = Call(
            world=world,
            path=match.path,
            query=incoming.query,
            body=incoming.body,
            headers=incoming.headers,
            caller=identity.caller,
            scope=identity.scope,
        )
        answer = match.route.handler(call)
        assert not inspect.isawaitable(answer), "handlers of this API are plain functions"  # noqa: S101
        return as_response(answer)

    return Door(world, FaultKind.UIEX_DOWN, inside)
