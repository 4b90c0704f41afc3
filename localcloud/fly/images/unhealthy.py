"""An image that serves, but answers 500 to every health check."""

from __future__ import annotations

import os
from collections.abc import Mapping

from localcloud.ending import ending, has_lifeline
from localcloud.fly.images.demo.app import DemoApp, Reply
from localcloud.fly.images.demo.journal import note
from localcloud.fly.images.demo.server import Server
from localcloud.fly.images.demo.settings import Settings


class Unhealthy(DemoApp):
    """The demo app without a database and with broken health."""

    def answer(self, path: str, query: Mapping[str, str]) -> Reply:
        """Answer 500 under `/health/`, and as the demo app elsewhere."""
        if path.startswith("/health/"):
            return Reply(status=500, body={"status": "unhealthy"})
        return super().answer(path, query)


def main() -> None:
    """Serve until told to end."""
    told = ending(lifeline=has_lifeline())
    settings = Settings.from_environment(os.environ, "unhealthy")
    server = Server(settings.port, Unhealthy(settings, None), told)
    note("start", image="unhealthy", port=server.server_port)
    server.serve_until_told()
    note("stop", image="unhealthy")


if __name__ == "__main__":
    main()
