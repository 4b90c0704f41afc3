"""The life of the process: bind, lock, load, serve, announce; then wait, and save at the end."""

from __future__ import annotations

import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from filelock import FileLock, Timeout

from lifeboat.core.errors import Refused, Stuck
from localcloud.aws.admin import Admin
from localcloud.aws.application import Application
from localcloud.aws.atomic_file import write_atomically
from localcloud.aws.gate import Gate
from localcloud.aws.http_server import HttpServer
from localcloud.aws.lifeline import watch_lifeline
from localcloud.aws.persistence import Persistence
from localcloud.aws.repairs.catalogue import REPAIRS
from localcloud.aws.repairs.install import install_repairs
from localcloud.aws.state_file import StateFile
from localcloud.aws.ticker import Ticker
from localcloud.aws.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the process was started; the names are those of its options."""

    port: int
    port_file: Path
    state_file: Path
    lifeline: bool
    transition_s: float = 1.0
    tick_s: float = 0.5


def run(options: Options) -> None:
    """Serve until told to stop, then save.

    Raises:
        Refused: the port is taken, the state file is in use, of other versions or damaged.
    """
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    server = HttpServer(options.port)
    with _state_lock(options.state_file):
        options.port_file.unlink(missing_ok=True)
        persistence = _serve(options, server)
        write_atomically(options.port_file, (f"{server.port}\n".encode(),))
        if options.lifeline:
            watch_lifeline(sys.stdin.fileno(), stopped.set)
        stopped.wait()
        options.port_file.unlink(missing_ok=True)
        _save_at_the_end(persistence)


def _serve(options: Options, server: HttpServer) -> Persistence:
    world = World(transition_s=options.transition_s, tick_s=options.tick_s)
    install_repairs(REPAIRS, world)
    gate = Gate()
    persistence = Persistence(StateFile(path=options.state_file), gate, world.clock)
    persistence.load()
    ticker = Ticker(world.background, gate, persistence, world.clock, world.tick_s)
    admin = Admin(world, gate, persistence, ticker)
    server.start(Application(world, admin, gate, persistence))
    ticker.start()
    return persistence


def _state_lock(state_file: Path) -> FileLock:
    state_file.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{state_file}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise Refused(
            f"state file {state_file} is in use by another local cloud",
            hint="`lifeboat cloud status` shows it; stop it first or name another --state-file",
        ) from error
    return lock


def _save_at_the_end(persistence: Persistence) -> None:
    try:
        persistence.save()
    except (OSError, Stuck) as error:
        raise Refused(
            f"the state could not be saved: {error}; the previous state file is untouched",
            hint="free some disk space; what changed since the last save is lost",
        ) from error
