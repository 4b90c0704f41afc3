"""Builds: flyctl announces one for every deploy, also for a ready image; nothing is built here.

Builders that would really build answer 501. Source: flyctl `internal/uiex/builders.go`.
"""

from __future__ import annotations

from typing import Any

from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.model import Build
from localcloud.fly.uiex.named_app import app_named_in_body
from localcloud.fly.wire_error import NotImplementedHere, WireError


def _create(call: Call) -> Answer:
    app = app_named_in_body(call)
    build = Build(
        id=1 + call.world.records.ids.number(2**31),
        app_name=app.name,
        status="started",
        created_at=call.world.clock.now(),
    )
    app.builds.append(build)
    call.world.changed()
    return Answer(body=_shown(call, build))


def _finish(call: Call) -> Answer:
    fields = call.fields()
    app = app_named_in_body(call)
    build = next((one for one in app.builds if one.id == fields.get("build_id")), None)
    if build is None:
        raise WireError(404, "build not found")
    image = fields.get("final_image")
    build.status = str(fields.get("status") or "completed")
    build.image = str(image.get("tag") or "") if isinstance(image, dict) else ""
    call.world.changed()
    return Answer(body=_shown(call, build))


def _no_builder(call: Call) -> Answer:
    raise NotImplementedHere(f"a remote builder ({call.path.get('org_slug') or 'depot'})")


def _shown(call: Call, build: Build) -> dict[str, Any]:
    took = call.world.clock.now() - build.created_at
    return {
        "id": build.id,
        "status": build.status,
        "wallclock_time_ms": int(took.total_seconds() * 1000),
    }


ROUTES = (
    Route(method="POST", path="/api/v1/builds", operation_id="uiex_create_build", handler=_create),
    Route(method="POST", path="/api/v1/builds/finish", operation_id="uiex_finish_build", handler=_finish),
    Route(
        method="POST",
        path="/api/v1/builds/depot_builder",
        operation_id="uiex_depot_builder",
        handler=_no_builder,
    ),
    Route(
        method="POST",
        path="/api/v1/organizations/{org_slug}/builders",
        operation_id="uiex_create_builder",
        handler=_no_builder,
    ),
)
