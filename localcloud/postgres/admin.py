"""The admin API under `/_lifeboat/`: ours, JSON in and out; no fault reaches it.

health, coverage (GET); save, reset (POST).
"""

from __future__ import annotations

import asyncio
import os

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lifeboat.core.errors import Stuck
from localcloud.postgres.authority import Authority
from localcloud.postgres.coverage import coverage_report
from localcloud.postgres.view import View
from localcloud.postgres.warden import Warden

PREFIX = "/_lifeboat"


def admin_routes(view: View, warden: Warden, authority: Authority) -> list[Route]:
    """Return the routes of the admin API.

    Args:
        view: how everything is.
        warden: starts and empties everything.
        authority: whose certificate clients verify with.
    """

    async def health(_: Request) -> Response:
        overview = view.overview()
        return JSONResponse(
            {
                "ready": warden.has_begun,
                "pid": os.getpid(),
                "ca_file": str(authority.ca_file),
                "instances": view.states(),
                "busy": sorted(overview.busy),
                "trouble": view.trouble(),
                "cut_regions": sorted(overview.cut_regions),
            }
        )

    async def coverage(_: Request) -> Response:
        return JSONResponse(await asyncio.to_thread(coverage_report))

    async def save(_: Request) -> Response:
        # With every change, before it is answered.
        return JSONResponse({"saved": True})

    async def reset(_: Request) -> Response:
        try:
            await asyncio.to_thread(warden.reset)
        except (OSError, Stuck) as error:
            return JSONResponse({"error": str(error)}, status_code=500)
        return JSONResponse({"reset": True})

    return [
        Route(f"{PREFIX}/health", health, methods=["GET"]),
        Route(f"{PREFIX}/coverage", coverage, methods=["GET"]),
        Route(f"{PREFIX}/save", save, methods=["POST"]),
        Route(f"{PREFIX}/reset", reset, methods=["POST"]),
    ]
