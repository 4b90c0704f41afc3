"""The composition root of the API: which modules' routes are served, and which prefix goes where."""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from localcloud.fly.api import (
    apps,
    certificates,
    ips,
    leases,
    machines,
    orgs,
    platform,
    secret_keys,
    secrets,
    tokens,
    volume_snapshots,
    volumes,
    waits,
)
from localcloud.fly.api.route import Route
from localcloud.fly.machines.life import MachineLife


def rest_routes(life: MachineLife) -> tuple[Route, ...]:
    """Return every Machines REST operation that is built."""
    return (
        *apps.routes(life),
        *certificates.ROUTES,
        *ips.ROUTES,
        *leases.ROUTES,
        *machines.routes(life),
        *orgs.ROUTES,
        *platform.ROUTES,
        *secret_keys.ROUTES,
        *secrets.ROUTES,
        *tokens.ROUTES,
        *volume_snapshots.ROUTES,
        *volumes.ROUTES,
        *waits.routes(life),
    )


class Application:
    """Sends each request to the part of its path's longest prefix."""

    def __init__(self, parts: dict[str, ASGIApp]) -> None:
        """Make the application; `parts` maps path prefixes to ASGI applications."""
        self._parts: list[tuple[str, ASGIApp]] = []
        for prefix, part in parts.items():
            self.mount(prefix, part)

    def mount(self, prefix: str, part: ASGIApp) -> None:
        """Serve everything under a prefix by another application."""
        self._parts = sorted([*self._parts, (prefix, part)], key=lambda each: -len(each[0]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the server's start and end."""
        if scope["type"] == "lifespan":
            await _follow_lifespan(receive, send)
            return
        path: str = scope.get("path", "")
        part = next((part for prefix, part in self._parts if path.startswith(prefix)), _NOT_FOUND)
        if scope["type"] == "http":
            await part(scope, receive, send)


_NOT_FOUND = PlainTextResponse("404 page not found\n", status_code=404)


async def _follow_lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
