"""The door of one database: TLS in front of a PostgreSQL server that has none, on a port of its own.

    accept ─► greeting ─► TLS ─► first words ─► the server's private port ─► pump until one end leaves
                  └── without TLS: passed on, or refused where `rds.force_ssl` is on

It decides nothing about passwords and reads nothing past the first words. It lives in one event loop and is
used from that loop only. While it hangs it accepts nothing: clients wait in the kernel's queue, and when that
is full they do not even connect.
"""

from __future__ import annotations

import asyncio
import socket

from localcloud.postgres.admission import Admission
from localcloud.postgres.cut import ExistingConnections
from localcloud.postgres.pump import Pump
from localcloud.postgres.tcp_reset import reset_socket

STARTUP_TIMEOUT_S = 60.0
"""How long a client may take until it is joined to its server (PostgreSQL's authentication_timeout)."""
_REST_S = 0.2


class Forwarder:
    """The connections of one endpoint, and its listening socket while it has one."""

    def __init__(self, *, startup_timeout_s: float = STARTUP_TIMEOUT_S) -> None:
        self._loop = asyncio.get_running_loop()
        self._startup_timeout_s = startup_timeout_s
        self._listener: socket.socket | None = None
        self._resting: asyncio.TimerHandle | None = None
        self._entering: dict[asyncio.Task[None], socket.socket] = {}
        self._pumps: set[Pump] = set()
        self._stranded: list[socket.socket] = []
        self._is_silent = False
        self.admission: Admission | None = None

    @property
    def connections(self) -> int:
        """How many clients are connected, those included that are still entering."""
        return len(self._entering) + len(self._pumps)

    @property
    def is_listening(self) -> bool:
        """Tell whether there is a listening socket; while it hangs there is."""
        return self._listener is not None

    def listen(self, listener: socket.socket) -> None:
        """Accept from a listening non-blocking socket, which belongs to the forwarder from now on."""
        self.deafen()
        self._listener = listener
        self.accept()

    def accept(self) -> None:
        """Accept new connections (again)."""
        if self._listener is not None:
            self._loop.add_reader(self._listener, self._accept, self._listener)

    def hang(self) -> None:
        """Accept nothing: who connects waits."""
        if self._resting is not None:
            self._resting.cancel()
        if self._listener is not None:
            self._loop.remove_reader(self._listener)

    def deafen(self) -> None:
        """Give up the listening socket: who connects is refused."""
        self.hang()
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def meet_cut(self, manner: ExistingConnections) -> None:
        """Do to the existing connections what a cut does."""
        match manner:
            case ExistingConnections.SILENT:
                self._is_silent = True
                self._stop_entering()
                for pump in tuple(self._pumps):
                    pump.silence()
            case ExistingConnections.RESET:
                self._is_silent = False
                self.drop_connections()
            case ExistingConnections.KEEP:
                self.resume()

    def resume(self) -> None:
        """Let silent connections go on; those still entering, or whose server has gone, are reset."""
        self._is_silent = False
        self._reset_stranded()
        for pump in tuple(self._pumps):
            pump.resume()

    def drop_connections(self) -> None:
        """End all connections; clients under silence learn of it when traffic is restored."""
        self._stop_entering()
        for pump in tuple(self._pumps):
            pump.drop(is_silent=self._is_silent)
        if not self._is_silent:
            self._reset_stranded()

    def forget(self, pump: Pump) -> None:
        """Note that both connections of a pump are gone."""
        self._pumps.discard(pump)

    def close(self) -> None:
        """Stop listening and end every connection, silent ones too."""
        self.deafen()
        self._is_silent = False
        self.drop_connections()

    def _stop_entering(self) -> None:
        for task, client in self._entering.items():
            if task.done() or client.fileno() < 0:
                continue
            # A second descriptor keeps the connection open, and the client unaware, when the task closes.
            self._stranded.append(client.dup())
            task.cancel()

    def _reset_stranded(self) -> None:
        for client in self._stranded:
            reset_socket(client)
        self._stranded.clear()

    def _accept(self, listener: socket.socket) -> None:
        try:
            client, _ = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError:
            # No descriptor or memory left: asking again at once would only spin.
            self.hang()
            self._resting = self._loop.call_later(_REST_S, self.accept)
            return
        client.setblocking(False)
        # Each side's packets are complete when they are written; waiting for more only delays them.
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        task = self._loop.create_task(self._enter(client))
        self._entering[task] = client
        task.add_done_callback(lambda done: self._entering.pop(done, None))

    async def _enter(self, client: socket.socket) -> None:
        if self.admission is None:
            reset_socket(client)
            return
        try:
            async with asyncio.timeout(self._startup_timeout_s):
                pump = await self.admission.admit(client)
        except OSError:
            # It left, or its TLS failed, or it took too long; closing it was the answer.
            return
        if pump is not None:
            self._pumps.add(pump)
