"""The processes a host starts: each alone in its group, each ended with the host, however the host ends."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from enum import IntEnum
from pathlib import Path

from .lifeline import end_group, tied

_GRACE_S = 0.5


class Stream(IntEnum):
    """Which stream a piece of output came from, by its descriptor."""

    STDOUT = 1
    STDERR = 2


class Child(asyncio.SubprocessProtocol):
    """One running process and its output."""

    def __init__(self) -> None:
        self._pieces: asyncio.Queue[tuple[Stream, bytes] | None] = asyncio.Queue()
        self._exited = asyncio.Event()
        self._transport: asyncio.SubprocessTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the process; part of the protocol's interface."""
        if isinstance(transport, asyncio.SubprocessTransport):
            self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Keep a piece of output; part of the protocol's interface."""
        self._pieces.put_nowait((Stream(fd), data))

    def process_exited(self) -> None:
        """End what the process left in its group, or its pipes would stay open; part of the interface."""
        self.kill()
        self._exited.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Mark the end of the output; part of the protocol's interface."""
        self._pieces.put_nowait(None)

    async def output(self) -> AsyncIterator[tuple[Stream, bytes]]:
        """Give the output piece by piece until the process and all its pipes have ended."""
        while (piece := await self._pieces.get()) is not None:
            yield piece

    async def exit_code(self) -> int:
        """Wait for the end and return the exit code; negative is the signal that ended it."""
        await self._exited.wait()
        return self._running().get_returncode() or 0

    async def end(self, grace_s: float = _GRACE_S) -> None:
        """Ask the group to end, and after the grace make it."""
        if grace_s and not self._exited.is_set():
            self._signal(signal.SIGTERM)
            await asyncio.wait({asyncio.ensure_future(self._exited.wait())}, timeout=grace_s)
        self.kill()
        await self._exited.wait()

    def kill(self) -> None:
        """End the group at once."""
        self._signal(signal.SIGKILL)

    def close(self) -> None:
        """Let go of the pipes, the lifeline among them."""
        self._running().close()

    def _signal(self, number: signal.Signals) -> None:
        # Once the whole group is gone its number may be given to a stranger.
        if not self._exited.is_set():
            end_group(self._running().get_pid(), number)

    def _running(self) -> asyncio.SubprocessTransport:
        if self._transport is None:
            msg = "the child was never started"
            raise RuntimeError(msg)
        return self._transport


class Children:
    """Every process a host has running."""

    def __init__(self) -> None:
        self._running: set[Child] = set()

    @asynccontextmanager
    async def running(
        self, command: Sequence[str], *, environment: Mapping[str, str], directory: Path, captured: bool
    ) -> AsyncIterator[Child]:
        """Run a command for as long as the block lasts; leaving the block kills what is left of it.

        Args:
            command: the argument list.
            environment: the whole environment.
            directory: where it runs.
            captured: true to read its output here, false to let it write where the host writes.

        Raises:
            OSError: the directory does not exist.
        """
        pipe = asyncio.subprocess.PIPE if captured else None
        _transport, child = await asyncio.get_running_loop().subprocess_exec(
            Child,
            *tied(command),
            stdin=asyncio.subprocess.PIPE,
            stdout=pipe,
            stderr=pipe,
            env=dict(environment),
            cwd=os.fspath(directory),
            start_new_session=True,
        )
        self._running.add(child)
        try:
            yield child
        finally:
            child.kill()
            child.close()
            self._running.discard(child)

    async def end_all(self, grace_s: float = _GRACE_S) -> None:
        """End every process that is running now."""
        await asyncio.gather(*(child.end(grace_s) for child in self._running))
