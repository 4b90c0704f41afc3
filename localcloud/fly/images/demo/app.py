"""The pages of the demo app: a request's path in, a status and JSON out.

`/health/ready` without a configured database answers 200: such a machine serves all it can, and an app whose
secrets are not set yet must still become healthy, or no deploy could ever set them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from localcloud.fly.images.demo.journal import note
from localcloud.fly.images.demo.settings import Settings

if TYPE_CHECKING:
    from localcloud.fly.images.demo.database import Database

_LONGEST_ID = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer; `headers` come on top of those every answer has."""

    status: int = 200
    body: Mapping[str, object]
    headers: Mapping[str, str] = field(default_factory=dict)


class DemoApp:
    """The app.

    Args:
        settings: who and where it is.
        database: None without one.
    """

    def __init__(self, settings: Settings, database: Database | None) -> None:
        self._settings = settings
        self._database = database
        self._pages: dict[str, Callable[[Mapping[str, str]], Reply]] = {
            "/": self._env,
            "/env": self._env,
            "/health/live": lambda _query: Reply(body={"status": "live"}),
            "/health/ready": self._ready,
            "/write": self._write,
            "/count": self._count,
        }

    def answer(self, path: str, query: Mapping[str, str]) -> Reply:
        """Answer a GET, HEAD or POST; never raises for what the database does."""
        page = self._pages.get(path)
        if page is None:
            return Reply(status=404, body={"error": f"no page {path}"})
        if self._database is None:
            return page(query)
        from localcloud.fly.images.demo.database import DatabaseUnavailable

        try:
            return page(query)
        except DatabaseUnavailable as error:
            note("error", about=path, reason=error.reason)
            return Reply(status=503, body={"error": error.reason})

    def headers(self) -> dict[str, str]:
        """Return the headers every answer carries."""
        return {
            "x-lifeboat-version": self._settings.version,
            "x-lifeboat-region": self._settings.region,
            "x-lifeboat-machine": self._settings.machine,
        }

    def _env(self, _query: Mapping[str, str]) -> Reply:
        return Reply(body=self._settings.facts())

    def _ready(self, _query: Mapping[str, str]) -> Reply:
        if self._database is None:
            return Reply(body={"status": "ready", "database": "not configured"})
        self._database.ping()
        return Reply(body={"status": "ready", "database": "answers"})

    def _write(self, query: Mapping[str, str]) -> Reply:
        row_id = query.get("id") or uuid4().hex
        if len(row_id) > _LONGEST_ID or "\0" in row_id:
            return Reply(status=400, body={"error": f"id must be text of at most {_LONGEST_ID} characters"})
        if not self._settings.is_writer:
            primary = self._settings.primary_region
            error = f"writes belong to the primary region {primary}"
            return Reply(
                status=409, body={"error": error}, headers={"fly-replay": f"region={primary};state=write"}
            )
        if self._database is None:
            return Reply(status=503, body={"error": "no database is configured"})
        return Reply(body=self._database.write(row_id))

    def _count(self, _query: Mapping[str, str]) -> Reply:
        if self._database is None:
            return Reply(status=503, body={"error": "no database is configured"})
        return Reply(body=self._database.count())
