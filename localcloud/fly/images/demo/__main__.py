"""`python -m localcloud.fly.images.demo --version TEXT`: serve until told to end, then leave in order."""

from __future__ import annotations

import argparse
import os
from threading import Event, Thread
from typing import TYPE_CHECKING

from localcloud.ending import ending, has_lifeline
from localcloud.fly.images.demo.app import DemoApp
from localcloud.fly.images.demo.journal import note
from localcloud.fly.images.demo.server import Server
from localcloud.fly.images.demo.settings import Settings

if TYPE_CHECKING:
    from localcloud.fly.images.demo.database import Database


def main() -> None:
    """Run the app."""
    options = argparse.ArgumentParser(prog="demo")
    options.add_argument("--version", default="unknown")
    settings = Settings.from_environment(os.environ, options.parse_args().version)
    told = ending(lifeline=has_lifeline())
    database = _database(settings, told)
    server = Server(settings.port, DemoApp(settings, database), told)
    note("start", port=server.server_port, **settings.facts())
    server.serve_until_told()
    if database is not None:
        database.close()
    note("stop", machine=settings.machine)


def _database(settings: Settings, told: Event) -> Database | None:
    if not settings.database_url:
        return None
    # Here, so that a machine without a database does without PostgreSQL's client: half of its memory.
    from localcloud.fly.images.demo.database import Database
    from localcloud.fly.images.demo.heartbeat import Heartbeat

    database = Database(settings)
    if settings.is_writer:
        beat = Heartbeat(database, settings.heartbeat_s, told)
        Thread(target=beat.run, name="heartbeat", daemon=True).start()
    return database


if __name__ == "__main__":
    main()
