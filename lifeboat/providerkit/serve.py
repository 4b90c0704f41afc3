"""The main program of a provider plugin: the port line, signals, and the end when the engine is gone.

The engine reads the port from the first line of stdout, sends SIGINT when it is done, and kills after five
seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import select
import signal
import sys
import traceback
from collections.abc import Sequence

from lifeboat.core.clock import SystemClock
from lifeboat.providerkit.provider import Provider
from lifeboat.providerkit.server import ProviderServer

_ADDRESS = re.compile(r"[^/\s=]+:\d+")
_FLAGS_WITH_VALUE = frozenset({"--tracing", "-tracing"})
_GRACE_S = 4.0
_ENGINE_CHECK_S = 1.0


def serve(provider: Provider, argv: Sequence[str]) -> None:
    """Serve until a signal comes or the parent process is gone; never returns.

    Args:
        provider: what to serve.
        argv: the arguments after the program's name; the engine's address is the one positional.
    """
    try:
        asyncio.run(_run(provider, engine_address(argv)))
    finally:
        error = sys.exc_info()[1]
        if error is not None:
            traceback.print_exception(error)
        with contextlib.suppress(OSError):
            sys.stderr.flush()
        # A handler stuck in a remote call must not keep the process: its thread ends no other way.
        os._exit(0 if error is None else 1)


def engine_address(argv: Sequence[str]) -> str:
    """Find the engine's `host:port` among flags we do not know; empty when there is none."""
    skip = False
    for argument in argv:
        if skip:
            skip = False
        elif argument in _FLAGS_WITH_VALUE:
            skip = True
        elif _ADDRESS.fullmatch(argument) and not argument.startswith("-"):
            return argument
    return ""


async def _run(provider: Provider, address: str) -> None:
    server = ProviderServer(provider, SystemClock(), address)
    port = await server.start()
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    watch = loop.create_task(_watch_engine(os.getppid(), stopping))
    await stopping.wait()
    watch.cancel()
    await server.stop(_GRACE_S)


async def _watch_engine(parent: int, stopping: asyncio.Event) -> None:
    while os.getppid() == parent and not _unheard():
        await asyncio.sleep(_ENGINE_CHECK_S)
    stopping.set()


def _unheard() -> bool:
    # An engine that died while we started is no parent any more; then only its broken pipe tells.
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return any(events & select.POLLERR for _, events in poll.poll(0))
