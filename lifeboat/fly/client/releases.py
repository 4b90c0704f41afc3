"""Releases as flyctl records them (uiex, `/api/v1/releases`): best effort, never on the recovery path.

What ran before is read from the project's own ledger; these records are for people and for flyctl. Every
failure is `Unavailable`, which callers may ignore. Source: flyctl `internal/uiex/releases.go`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices, Field

from lifeboat.fly.client.best_effort import best_effort
from lifeboat.fly.client.errors import NotFound
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.models.sparse import Moment, Sparse
from lifeboat.fly.client.operation import Operation, Pace, Safety, Server


def _operation(verb: str, method: str, path: str, safety: Safety) -> Operation:
    return Operation(
        name=f"releases.{verb}",
        method=method,
        path=f"/api/v1{path}",
        safety=safety,
        pace=Pace.NONE,
        server=Server.UIEX,
    )


LIST = _operation("list", "GET", "/apps/{app}/releases", Safety.READ)
CURRENT = _operation("current", "GET", "/apps/{app}/releases/current", Safety.READ)
CREATE = _operation("create", "POST", "/releases", Safety.CREATE)
UPDATE = _operation("update", "PATCH", "/releases/{release}", Safety.REPEATABLE_WRITE)


class Release(Sparse):
    """A release; `status` running, complete, failed or interrupted; a version is not an image tag."""

    id: str
    version: int = 0
    status: str = ""
    stable: bool = False
    in_progress: bool = False
    strategy: str = Field(default="", validation_alias=AliasChoices("strategy", "deployment_strategy"))
    user: str = ""
    image_ref: str = ""
    created_at: Moment = None


class Releases:
    """The releases of apps."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def list(self, app: str, *, limit: int = 25) -> tuple[Release, ...]:
        """Return the newest releases of an app.

        Raises:
            Unavailable: they are not to be had now.
        """
        with best_effort(f"releases of app {app}"):
            answer = self._http.call(LIST, {"app": app}, params={"limit": limit})
            return tuple(answer.read(Release, one) for one in answer.items("releases"))

    def current(self, app: str) -> Release | None:
        """Return the newest release; None when the app has none yet.

        Raises:
            Unavailable: it is not to be had now.
        """
        with best_effort(f"current release of app {app}"):
            try:
                return self._http.call(CURRENT, {"app": app}).read(Release)
            except NotFound:
                return None

    def create(
        self, app: str, *, image: str, strategy: str, definition: Mapping[str, Any] | None = None
    ) -> Release:
        """Record that a release begins.

        Args:
            app: the app's name.
            image: the reference, by digest.
            strategy: ROLLING, BLUEGREEN, CANARY or IMMEDIATE.
            definition: the app's definition as flyctl would store it.

        Raises:
            Unavailable: it may not be recorded; nothing depends on it.
        """
        body = {"app_name": app, "image": image, "strategy": strategy, "definition": dict(definition or {})}
        with best_effort(f"new release of app {app}"):
            answer = self._http.call(CREATE, body=body)
            return answer.read(Release, answer.fields().get("release") or answer.body)

    def update(self, release_id: str, *, status: str, metadata: Mapping[str, Any] | None = None) -> Release:
        """Record how a release goes: running, then complete, failed or interrupted.

        Raises:
            Unavailable: it may not be recorded; nothing depends on it.
        """
        body = {"status": status, "metadata": dict(metadata or {})}
        with best_effort(f"release {release_id}"):
            answer = self._http.call(UPDATE, {"release": release_id}, body=body)
            return answer.read(Release, answer.fields().get("release") or answer.body)
