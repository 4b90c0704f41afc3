"""The private control API, for whoever speaks for RDS: JSON in, JSON out, answered at once.

    GET  /overview                        everything that is asked about
    POST /instances/{operation}           create, modify, rename, reboot, stop, start, promote, delete
    POST /snapshots/{operation}           take, copy, delete
    POST /backups/{operation}             replicate, stop, delete
    POST /known                           what the other side knows of; the rest is moved aside
    POST /regions                         which regions are cut off as a whole

200 says that it is done or begun; 400 that it never will be, with the reason. Everything may be told twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lifeboat.core.errors import ConfigError, Refused
from localcloud.postgres.away_backups import AwayBackups
from localcloud.postgres.fleet import Fleet
from localcloud.postgres.snapshot_store import SnapshotStore
from localcloud.postgres.wire import AwayOrder, Change, Creation, Overview, Regions, SnapshotOrder

Handle = Callable[[Request], Awaitable[Response]]
_Body = TypeVar("_Body", bound=BaseModel)


def control_routes(
    fleet: Fleet,
    snapshots: SnapshotStore,
    away: AwayBackups,
    cut_regions: Callable[[frozenset[str]], None],
    overview: Callable[[], Overview],
) -> list[Route]:
    """Return the routes of the control API."""
    changes: dict[str, Callable[[Change], None]] = {
        "modify": lambda change: fleet.modify(change.facts),
        "rename": lambda change: fleet.rename(change.facts),
        "reboot": lambda change: fleet.reboot(change.facts.resource_id, force_failover=change.flag),
        "stop": lambda change: fleet.stop(change.facts.resource_id),
        "start": lambda change: fleet.start(change.facts.resource_id),
        "promote": lambda change: fleet.promote(change.facts),
        "delete": lambda change: fleet.delete(change.facts.resource_id, keep_backups=change.flag),
    }

    async def show(_: Request) -> Response:
        return Response(overview().model_dump_json(), media_type="application/json")

    return [
        Route("/overview", show, methods=["GET"]),
        told("/instances/create", Creation, lambda body: fleet.create(body.facts, body.origin)),
        *(told(f"/instances/{name}", Change, change) for name, change in changes.items()),
        told("/snapshots/take", SnapshotOrder, snapshots.take),
        told("/snapshots/copy", SnapshotOrder, snapshots.copy),
        told("/snapshots/delete", SnapshotOrder, snapshots.delete),
        told("/backups/replicate", AwayOrder, away.replicate),
        told("/backups/stop", AwayOrder, away.stop),
        told("/backups/delete", AwayOrder, away.delete),
        told("/regions", Regions, lambda body: cut_regions(body.cut)),
    ]


def told(path: str, model: type[_Body], do: Callable[[_Body], None]) -> Route:
    """Return the route of an operation that is told: its body's model, and what does it, in a thread."""

    async def handle(request: Request) -> Response:
        text = await request.body()
        try:
            # In a thread: it waits for the disk, and for the event loop itself.
            await asyncio.to_thread(lambda: do(model.model_validate_json(text)))
        except ValidationError as error:
            # Without its input, which may hold a password.
            return _refused("; ".join(str(one["loc"]) + " " + one["msg"] for one in error.errors()))
        except (Refused, ConfigError) as error:
            return _refused(error.message)
        return JSONResponse({})

    return Route(path, handle, methods=["POST"])


def _refused(reason: str) -> Response:
    return JSONResponse({"error": reason}, status_code=400)
