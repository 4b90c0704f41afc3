"""What is measured of the instances, for whoever tells CloudWatch.

GET /readings                 every instance that is meant to run, measured now
"""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from localcloud.postgres.gauges import Gauges


def gauge_routes(gauges: Gauges) -> list[Route]:
    """Return the routes of the measurements."""

    async def show(_: Request) -> Response:
        found = await asyncio.to_thread(gauges.read)
        return Response(found.model_dump_json(), media_type="application/json")

    return [Route("/readings", show, methods=["GET"])]
