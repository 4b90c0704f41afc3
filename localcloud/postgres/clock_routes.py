"""`/_lifeboat/clock`: GET shows the cloud's time, POST `{"advance_s": n}` moves it forward."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lifeboat.core.errors import Refused
from localcloud.postgres.cloud_time import CloudTime

_PATH = "/_lifeboat/clock"


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    advance_s: float


def clock_routes(time: CloudTime, on_advance: Callable[[], None]) -> list[Route]:
    """Return the routes of the clock.

    Args:
        time: the cloud's.
        on_advance: called after each move, in a thread.
    """

    async def show(_: Request) -> Response:
        return JSONResponse({"now": time.now().isoformat(), "advanced_s": time.advanced_s})

    async def advance(request: Request) -> Response:
        text = await request.body()

        def do() -> None:
            time.advance(_Body.model_validate_json(text).advance_s)
            on_advance()

        try:
            await asyncio.to_thread(do)
        except ValidationError as error:
            reason = "; ".join(each["msg"] for each in error.errors())
            return JSONResponse({"error": reason}, status_code=400)
        except Refused as error:
            return JSONResponse({"error": error.message}, status_code=400)
        return await show(request)

    return [Route(_PATH, show, methods=["GET"]), Route(_PATH, advance, methods=["POST"])]
