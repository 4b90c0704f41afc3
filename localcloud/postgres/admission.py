"""From an accepted socket to a client that talks to its server, or to a refusal in PostgreSQL's words."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from localcloud.postgres.authority import ALPN
from localcloud.postgres.greeting import Greeting, Manner, greet
from localcloud.postgres.pump import Pump, Side
from localcloud.postgres.refusal_message import not_encrypted, starting_up
from localcloud.postgres.startup_message import parse_startup


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Who is let in, and where to.

    Args:
        target: host and port of the server, which speaks no TLS.
        force_ssl: refuse what is not encrypted (`rds.force_ssl`).
        tls: returns the context to answer with.
        on_end: called when both connections of a pump are gone.
    """

    target: tuple[str, int]
    force_ssl: bool
    tls: Callable[[], ssl.SSLContext]
    on_end: Callable[[Pump], None]

    async def admit(self, client: socket.socket) -> Pump | None:
        """Bring a client to its server.

        Args:
            client: an accepted, non-blocking socket; it is closed unless a pump is returned.

        Returns:
            None when it was refused or left.

        Raises:
            OSError: the connection broke, or its TLS did.
        """
        try:
            greeting = await self._greeting(client)
            side = await self._side(client, greeting) if greeting else None
        except BaseException:
            client.close()
            raise
        if greeting is None or side is None:
            client.close()
            return None
        try:
            return await self._joined(side, is_cancel=greeting.manner is Manner.CANCEL)
        except BaseException:
            side.transport.abort()
            raise

    async def _greeting(self, client: socket.socket) -> Greeting | None:
        greeting = await greet(client)
        if greeting is None or greeting.manner is not Manner.PLAIN or not self.force_ssl:
            return greeting
        host: str = client.getpeername()[0]
        refusal = not_encrypted(parse_startup(greeting.packet), host)
        await asyncio.get_running_loop().sock_sendall(client, refusal)
        return None

    async def _side(self, client: socket.socket, greeting: Greeting) -> Side | None:
        is_encrypted = greeting.manner in {Manner.TLS, Manner.DIRECT_TLS}
        # The time-out around an admission covers the handshake too.
        transport, side = await asyncio.get_running_loop().connect_accepted_socket(
            lambda: Side(greeting.packet), client, ssl=self.tls() if is_encrypted else None
        )
        agreed = transport.get_extra_info("ssl_object")
        if greeting.manner is Manner.DIRECT_TLS and agreed.selected_alpn_protocol() != ALPN:
            # PostgreSQL demands it there, so that no other protocol's client is taken for one of its own.
            transport.abort()
            return None
        return side

    async def _joined(self, client: Side, *, is_cancel: bool) -> Pump | None:
        if not await client.has_spoken():
            client.transport.abort()
            return None
        try:
            _, server = await asyncio.get_running_loop().create_connection(Side, *self.target)
        except OSError:
            # Nobody answers a cancel request, and no client expects it.
            if not is_cancel and not client.transport.is_closing():
                client.transport.write(starting_up())
            if not client.transport.is_closing():
                client.transport.close()
            return None
        pump = Pump(client, server, self.on_end)
        pump.start()
        return pump
