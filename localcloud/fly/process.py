"""The life of the process: bind, lock, load, serve, announce; let time pass; save and end the machines.

Ports are announced in files only once they answer. The machines' processes end with this one; those that
were meant to run are started again by the next.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from lifeboat.core.clock import SystemClock
from lifeboat.core.errors import Refused
from localcloud.aws.atomic_file import write_atomically
from localcloud.aws.lifeline import watch_lifeline
from localcloud.fly.admin import PREFIX, Admin
from localcloud.fly.emulator import Emulator
from localcloud.fly.http_server import HttpServer
from localcloud.fly.machines.process_runner import ProcessRunner
from localcloud.fly.persistence import Persistence
from localcloud.fly.proxy.edge import Edge
from localcloud.fly.seed import initial_records
from localcloud.fly.state_file import StateFile
from localcloud.state_lock import state_lock

_TICK_S = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the process was started; the names are those of its options."""

    port: int
    port_file: Path
    proxy_port: int
    proxy_port_file: Path | None
    state_file: Path
    directory: Path
    lifeline: bool
    seed: str
    org: tuple[str, ...] = ()


async def serve(options: Options) -> None:
    """Serve until told to stop, then save and end every machine's process.

    Raises:
        Refused: a port is taken, the state file is in use, not ours or damaged, or cannot be written.
    """
    stopped = _stop_signal(options)
    server = HttpServer(options.port)
    with state_lock(options.state_file):
        _forget_port_files(options)
        file = StateFile(path=options.state_file)
        emulator = _load(options, file)
        persistence = Persistence(file, emulator.world)
        emulator.on_change(persistence.mark_dirty)
        edge = Edge(emulator.world, emulator.life, emulator.runner, SystemClock())
        try:
            proxy_port = await edge.start(options.proxy_port)
            emulator.mount(PREFIX, Admin(emulator, persistence, proxy_port))
            emulator.resume()
            await server.start(emulator.app)
            with _announced(_port_files(options, server.port, proxy_port)):
                await _let_time_pass(emulator, persistence, stopped)
            await asyncio.gather(edge.stop(), server.stop())
            await _save_at_the_end(persistence)
        finally:
            await emulator.life.close()


def _stop_signal(options: Options) -> asyncio.Event:
    """Return what is set by SIGTERM, SIGINT or the end of the lifeline."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    if options.lifeline:

        def ended() -> None:
            loop.call_soon_threadsafe(stopped.set)

        watch_lifeline(sys.stdin.fileno(), ended)
    return stopped


def _port_files(options: Options, port: int, proxy_port: int) -> dict[Path, int]:
    """Return what to announce; whoever sees the API's file finds the edge's there already."""
    edge = {options.proxy_port_file: proxy_port} if options.proxy_port_file else {}
    return {**edge, options.port_file: port}


def _forget_port_files(options: Options) -> None:
    """Remove what a killed process left behind."""
    for file in _port_files(options, 0, 0):
        file.unlink(missing_ok=True)


def _load(options: Options, file: StateFile) -> Emulator:
    saved = file.read()
    records = saved.records if saved else initial_records(options.seed, options.org)
    runner = ProcessRunner(options.directory)
    emulator = Emulator(options.directory, SystemClock(), runner=runner, records=records)
    if saved:
        emulator.world.clock.advanced = timedelta(seconds=saved.advanced_s)
    return emulator


async def _let_time_pass(emulator: Emulator, persistence: Persistence, stopped: asyncio.Event) -> None:
    while not stopped.is_set():
        emulator.settle()
        await persistence.save_if_due()
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), _TICK_S)


async def _save_at_the_end(persistence: Persistence) -> None:
    try:
        await persistence.save()
    except OSError as error:
        raise Refused(
            f"the state could not be saved: {error}; the previous state file is untouched",
            hint="free some disk space; what changed since the last save is lost",
        ) from error


@contextmanager
def _announced(ports: dict[Path, int]) -> Iterator[None]:
    """Write port files, and remove them at the end: a file that is there means that the port answers."""
    for file, port in ports.items():
        write_atomically(file, (f"{port}\n".encode(),))
    try:
        yield
    finally:
        for file in ports:
            file.unlink(missing_ok=True)
