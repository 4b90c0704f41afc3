"""Releases: what flyctl writes down about a deploy, and reads back; a version is not an image tag.

Nothing here starts or changes a machine. `current` is the newest release whatever became of it.
Source: flyctl `internal/uiex/releases.go`.
"""

from __future__ import annotations

from typing import Any

from localcloud.fly.api.cursor import limit_of
from localcloud.fly.api.lookup import may_see, the_app
from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.model import App, Release
from localcloud.fly.uiex.named_app import app_named_in_body
from localcloud.fly.volumes.wire import moment
from localcloud.fly.wire_error import WireError

_STATUSES = ("pending", "running", "complete", "failed", "interrupted")
_STRATEGIES = ("BLUEGREEN", "CANARY", "IMMEDIATE", "ROLLING", "ROLLING_ONE", "SIMPLE")


def _list(call: Call) -> Answer:
    limit = limit_of(call.one("limit"), default=25, highest=1000)
    newest_first = sorted(the_app(call).releases, key=lambda release: -release.version)
    return Answer(body={"releases": [_shown(release) for release in newest_first[:limit]]})


def _current(call: Call) -> Answer:
    app = the_app(call)
    if not app.releases:
        raise WireError(404, "no current release")
    return Answer(body=_shown(app.releases[-1]))


def _all_current(call: Call) -> Answer:
    apps = [app for app in call.world.apps.values() if may_see(call.scope, app) and app.releases]
    return Answer(body={app.name: moment(app.releases[-1].created_at) for app in apps})


def _create(call: Call) -> Answer:
    fields = call.fields()
    app = app_named_in_body(call)
    strategy = str(fields.get("strategy") or "ROLLING").upper()
    if strategy not in _STRATEGIES:
        raise WireError(422, f"strategy must be one of {', '.join(_STRATEGIES)}")
    definition = fields.get("definition")
    now = call.world.clock.now()
    release = Release(
        id=call.world.records.ids.ulid(now),
        app_name=app.name,
        version=max((one.version for one in app.releases), default=0) + 1,
        status="pending",
        strategy=strategy,
        image_ref=str(fields.get("image") or ""),
        created_at=now,
        definition=definition if isinstance(definition, dict) else {},
        user_email=call.caller,
    )
    app.releases.append(release)
    call.world.changed()
    return Answer(status=201, body={"release": _shown(release)})


def _update(call: Call) -> Answer:
    release, fields = _the_release(call), call.fields()
    status = fields.get("status")
    if status not in _STATUSES:
        raise WireError(422, f"status must be one of {', '.join(_STATUSES)}")
    release.status = str(status)
    if isinstance(fields.get("metadata"), dict):
        release.metadata = fields["metadata"]
    call.world.changed()
    return Answer(body=_shown(release))


def _the_release(call: Call) -> Release:
    for app in call.world.apps.values():
        for release in _seen_releases(call, app):
            if release.id == call.path["release_id"]:
                return release
    raise WireError(404, "release not found")


def _seen_releases(call: Call, app: App) -> list[Release]:
    return app.releases if may_see(call.scope, app) else []


def _shown(release: Release) -> dict[str, Any]:
    return {
        "id": release.id,
        "version": release.version,
        "status": release.status,
        "stable": release.status == "complete",
        "in_progress": release.status in {"pending", "running"},
        "strategy": release.strategy,
        "user": release.user_email,
        "image_ref": release.image_ref,
        "created_at": moment(release.created_at),
    }


_OF_APP = "/api/v1/apps/{app_name}/releases"

ROUTES = (
    Route(method="GET", path=_OF_APP, operation_id="uiex_releases", handler=_list),
    Route(method="GET", path=f"{_OF_APP}/current", operation_id="uiex_current_release", handler=_current),
    Route(
        method="GET",
        path="/api/v1/releases/all_current",
        operation_id="uiex_current_releases",
        handler=_all_current,
    ),
    Route(method="POST", path="/api/v1/releases", operation_id="uiex_create_release", handler=_create),
    Route(
        method="PATCH",
        path="/api/v1/releases/{release_id}",
        operation_id="uiex_update_release",
        handler=_update,
    ),
)
