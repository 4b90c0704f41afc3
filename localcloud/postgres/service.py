"""The life of the process: bind, lock, end what was left, serve, start the servers; at the end, end them.

It answers before its servers do, and calls itself ready when those that were running are running again or
have failed. The records are saved with every change, so there is nothing to save at the end.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from lifeboat.postgres.account import Account
from localcloud.aws.atomic_file import write_atomically
from localcloud.aws.lifeline import watch_lifeline
from localcloud.fly.loopback import listen
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.cleaning import clear_leftovers
from localcloud.postgres.household import Household
from localcloud.postgres.http_server import HttpServer
from localcloud.postgres.places import Places
from localcloud.postgres.records import RecordFile
from localcloud.state_lock import state_lock

_STOP_S = 8.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the process was started; the names are those of its options."""

    port: int
    port_file: Path
    state_file: Path
    directory: Path
    lifeline: bool
    archive_interval_s: int = 60


async def serve(options: Options) -> None:
    """Serve until told to stop, then end every server.

    Raises:
        Refused: the port is taken, the state file is in use or damaged, or the directory is closed to the
            account that runs PostgreSQL.
    """
    stopped = _stop_signal(options)
    listener = listen(options.port, "--port")
    with state_lock(options.state_file):
        options.port_file.unlink(missing_ok=True)
        places = Places(options.directory.resolve())
        places.root.mkdir(parents=True, exist_ok=True)
        if ended := clear_leftovers(places):
            _log.warning("processes of an earlier run that was killed were ended: %s", ended)
        await _live(options, places, listener, stopped)


async def _live(options: Options, places: Places, listener: socket.socket, stopped: asyncio.Event) -> None:
    account = Account.current()
    for path in (places.data("any"), *(Binaries.of(major).postgres for major in Binaries.majors())):
        account.check_reach(path)
    household = Household(
        places, account, RecordFile(options.state_file), interval_s=options.archive_interval_s
    )
    server = HttpServer(listener, household.app())
    try:
        await server.start()
        port: int = listener.getsockname()[1]
        write_atomically(options.port_file, (f"{port}\n".encode(),))
        await asyncio.to_thread(household.begin)
        await stopped.wait()
        options.port_file.unlink(missing_ok=True)
        await asyncio.gather(server.stop(), household.close_doors())
    finally:
        await asyncio.to_thread(household.end, _STOP_S)


def _stop_signal(options: Options) -> asyncio.Event:
    """Return what is set by SIGTERM, SIGINT or the end of the lifeline."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    if options.lifeline:
        watch_lifeline(sys.stdin.fileno(), lambda: _set_from_a_thread(loop, stopped))
    return stopped


def _set_from_a_thread(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    loop.call_soon_threadsafe(event.set)
