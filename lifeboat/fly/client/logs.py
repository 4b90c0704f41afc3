"""Logs of apps, page by page (`/api/v1/apps/{app}/logs`): some 100 of the newest lines, and what follows.

Undocumented and stable (docs `monitoring/logs-api-options`). It lives on the API server beside GraphQL and
shares its outages: never on the recovery path. Nothing here follows a log for ever.
"""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.fly.client.http import Http
from lifeboat.fly.client.models.log_line import LogLine, LogPage
from lifeboat.fly.client.operation import Operation, Pace, Safety, Server

PAGE = Operation(
    name="logs.page",
    method="GET",
    path="/api/v1/apps/{app}/logs",
    safety=Safety.READ,
    pace=Pace.NONE,
    server=Server.API,
)
MOST_PAGES = 100


class Logs:
    """The logs of apps."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def page(
        self, app: str, *, next_token: str = "", region: str | None = None, instance: str | None = None
    ) -> LogPage:
        """Return one page.

        Args:
            app: the app's name.
            next_token: of the page before; empty for the newest lines.
            region: only lines of this region.
            instance: only lines of this machine.
        """
        params = {"next_token": next_token, "region": region, "instance": instance}
        answer = self._http.call(PAGE, {"app": app}, params=params)
        meta = answer.fields().get("meta")
        token = meta.get("next_token") if isinstance(meta, dict) else None
        rows = [row.get("attributes") if isinstance(row, dict) else None for row in answer.items("data")]
        lines = tuple(answer.read(LogLine, row) for row in rows if row is not None)
        return LogPage(lines=lines, next_token=token if isinstance(token, str) else "")

    def recent(
        self, app: str, *, region: str | None = None, instance: str | None = None
    ) -> Iterator[LogLine]:
        """Yield the lines there are now, oldest first, and end."""
        token = ""
        for _ in range(MOST_PAGES):
            page = self.page(app, next_token=token, region=region, instance=instance)
            yield from page.lines
            if not page.lines or page.next_token in ("", token):
                return
            token = page.next_token
