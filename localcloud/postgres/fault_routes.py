"""`/_lifeboat/faults`: GET lists the declared faults, POST declares one, DELETE forgets `?id=` or all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lifeboat.core.errors import LifeboatError, Refused
from localcloud.postgres.fault_spec import FaultSpec
from localcloud.postgres.faults import Faults
from localcloud.postgres.upkeep import Upkeep

_PATH = "/_lifeboat/faults"


def fault_routes(faults: Faults, upkeep: Upkeep) -> list[Route]:
    """Return the routes of the faults."""
    api = _Api(faults, upkeep)
    return [
        Route(_PATH, api.show, methods=["GET"]),
        Route(_PATH, api.declare, methods=["POST"]),
        Route(_PATH, api.forget, methods=["DELETE"]),
    ]


class _Api:
    def __init__(self, faults: Faults, upkeep: Upkeep) -> None:
        self._faults = faults
        self._upkeep = upkeep

    async def show(self, _: Request) -> Response:
        """List them."""
        return JSONResponse({"faults": self._faults.describe()})

    async def declare(self, request: Request) -> Response:
        """Declare one."""
        text = await request.body()

        def do() -> dict[str, object]:
            return self._faults.declare(FaultSpec.model_validate_json(text))

        return await self._answer(do)

    async def forget(self, request: Request) -> Response:
        """Forget one or all."""
        name = request.query_params.get("id", "")

        def do() -> dict[str, object]:
            if name and not name.isdigit():
                raise Refused(f"fault id {name!r} is not a number")
            return {"forgotten": self._faults.forget(int(name) if name else None)}

        return await self._answer(do)

    async def _answer(self, do: Callable[[], dict[str, object]]) -> Response:
        try:
            found = await asyncio.to_thread(do)
        except ValidationError as error:
            return _refused("; ".join(one["msg"] for one in error.errors()))
        except Refused as error:
            return _refused(error.message)
        except (LifeboatError, psycopg.Error) as error:
            return JSONResponse({"error": str(error)}, status_code=500)
        self._upkeep.link()
        return JSONResponse(found)


def _refused(reason: str) -> Response:
    return JSONResponse({"error": reason}, status_code=400)
