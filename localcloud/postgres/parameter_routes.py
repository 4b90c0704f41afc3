"""What this machine's versions of PostgreSQL know of parameters: asked by whoever checks parameter groups.

GET /parameters/{major}       name and context of every setting; none when the version is not there
"""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lifeboat.postgres.account import Account
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.catalogue import Catalogue
from localcloud.postgres.wire import Contexts


def parameter_routes(account: Account) -> list[Route]:
    """Return the routes of the settings' catalogues."""

    async def show(request: Request) -> Response:
        major: int = request.path_params["major"]
        found = await asyncio.to_thread(lambda: _contexts(major, account))
        return Response(found.model_dump_json(), media_type="application/json")

    return [Route("/parameters/{major:int}", show, methods=["GET"])]


def _contexts(major: int, account: Account) -> Contexts:
    if major not in Binaries.majors():
        return Contexts(contexts={})
    return Contexts(contexts=dict(Catalogue.of(Binaries.of(major), account).contexts))
