"""The language host's process: prints its port, serves until its engine is done with it, ends quietly.

It ends on SIGINT and SIGTERM, and when its standard input, a pipe the engine holds, is closed by the engine's
death. Whatever it started ends before it does.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import stat
import sys
from pathlib import Path

from .lean_import import import_protocol_only

_GRACE_S = 0.2
_MESSAGE_LIMIT = 400 << 20  # the engine's own limit (sdk/go/common/util/rpcutil)


def main(arguments: list[str] | None = None) -> None:
    """Run a host to its end.

    Args:
        arguments: what the engine passes: its address, and logging flags that are accepted and not needed.
    """
    options = _parser().parse_known_args(arguments)[0]
    import_protocol_only()
    asyncio.run(_serve(options.engine, options.executor))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pulumi-language-python")
    parser.add_argument("engine", nargs="?", default="", help="the engine's gRPC address")
    parser.add_argument("--executor", type=Path, default=Path("pulumi-language-python-exec"))
    parser.add_argument("--tracing", help="accepted, not used")
    parser.add_argument("--logtostderr", action="store_true", help="accepted, not used")
    parser.add_argument("-v", help="accepted, not used")
    return parser


async def _serve(engine: str, executor: Path) -> None:
    import grpc
    from pulumi.runtime.proto import language_pb2_grpc

    from .servicer import LanguageHost

    done = _end_of_engine()
    host = LanguageHost(engine=engine, executor=executor)
    limits = [(f"grpc.max_{way}_message_length", _MESSAGE_LIMIT) for way in ("send", "receive")]
    server = grpc.aio.server(options=[*limits, ("grpc.so_reuseport", 0)])
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)  # noqa: T201  # the protocol: the first line of stdout is the port
    await done.wait()
    await host.close()
    await server.stop(_GRACE_S)


def _end_of_engine() -> asyncio.Event:
    """Return an event that is set when the engine asks this host to stop, or is gone."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, done.set)

    def look() -> None:
        if not os.read(sys.stdin.fileno(), 1024):
            loop.remove_reader(sys.stdin.fileno())
            done.set()

    if stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode):
        loop.add_reader(sys.stdin.fileno(), look)
    return done
