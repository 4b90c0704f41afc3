"""A client and its server, joined: what one says, the other hears, at the pace of the slower one.

A pump can fall silent: nothing is read from either end and an end that goes away meanwhile is not given away
to the other, as when packets are lost. It keeps no more than asyncio's buffers: an end that cannot take more
stops the reading from the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from localcloud.postgres.tcp_reset import reset_transport


class Side(asyncio.Protocol):
    """One end of a pump. Until it is joined to the other it keeps the first words and then stops reading."""

    def __init__(self, first_words: bytes = b"") -> None:
        """Be ready for a connection.

        Args:
            first_words: what was read before the connection came to this side.
        """
        self._transport: asyncio.Transport | None = None
        self._has_spoken = asyncio.get_running_loop().create_future()
        self.first_words = first_words
        self.pump: Pump | None = None
        self.has_ended = False

    @property
    def transport(self) -> asyncio.Transport:
        """The connection; there from `connection_made` on."""
        if self._transport is None:
            msg = "a side was used before it was connected"
            raise RuntimeError(msg)
        return self._transport

    async def has_spoken(self) -> bool:
        """Wait for the first words; False when the other end leaves without any."""
        if not self.first_words:
            await self._has_spoken
        return bool(self.first_words)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Pass on what was said, or keep it until there is somebody to hear it."""
        if self.pump is None:
            self.first_words += data
            self.transport.pause_reading()
            self._speak()
        else:
            self.pump.pass_on(self, data)

    def eof_received(self) -> bool:
        """Pass on that nothing more will be said, and stay open for the answer where the transport can.

        TLS in asyncio cannot be half closed: there the end of one direction is the end of both.
        """
        self._speak()
        self.has_ended = True
        if self.pump is not None:
            self.pump.end_of(self)
        return self.transport.can_write_eof()

    def connection_lost(self, error: Exception | None) -> None:
        """Pass on that the connection is gone."""
        self._speak()
        if self.pump is not None:
            self.pump.lost(self)

    def pause_writing(self) -> None:
        """Stop the other end: this one cannot take more."""
        if self.pump is not None:
            self.pump.hold(self)

    def resume_writing(self) -> None:
        """Let the other end go on."""
        if self.pump is not None:
            self.pump.release(self)

    def _speak(self) -> None:
        if not self._has_spoken.done():
            self._has_spoken.set_result(None)


class Pump:
    """Two joined sides."""

    def __init__(self, client: Side, server: Side, on_end: Callable[[Pump], None]) -> None:
        """Join two connected sides.

        Args:
            client: the side that spoke first.
            server: the side it wants to speak to.
            on_end: called once, when both connections are gone.
        """
        self._sides = (client, server)
        self._on_end = on_end
        self._client = client
        self._full: set[Side] = set()
        self._lost: set[Side] = set()
        self._is_silent = False
        client.pump = server.pump = self

    def start(self) -> None:
        """Give the server the client's first words and let both talk."""
        self.pass_on(self._client, self._client.first_words)
        self._client.first_words = b""
        if self._client.has_ended:
            self.end_of(self._client)
        for side in self._sides:
            if side.transport.is_closing():
                self._close(self._other(side))
        self._set_reading()

    def silence(self) -> None:
        """Pass nothing on from now on, in either direction."""
        self._is_silent = True
        self._set_reading()

    def resume(self) -> None:
        """Go on; a client whose server has gone meanwhile is reset, as its next packet would be."""
        self._is_silent = False
        if self._lost:
            self.drop(is_silent=False)
        else:
            self._set_reading()

    def drop(self, *, is_silent: bool) -> None:
        """End both connections.

        Args:
            is_silent: the client must not learn of it before `resume`.
        """
        self._is_silent = is_silent
        for side in self._sides:
            if side is not self._client or not is_silent:
                reset_transport(side.transport)

    def pass_on(self, side: Side, data: bytes) -> None:
        """Give the other end what one end has said."""
        transport = self._other(side).transport
        if not transport.is_closing():
            transport.write(data)

    def end_of(self, side: Side) -> None:
        """Tell the other end that nothing more comes from this one."""
        other = self._other(side)
        if other.transport.can_write_eof() and not other.has_ended:
            if not other.transport.is_closing():
                other.transport.write_eof()
        else:
            self._close(side)
            self._close(other)

    def lost(self, side: Side) -> None:
        """Close the other end after what is still to be written to it, unless this must stay unknown."""
        self._lost.add(side)
        if not self._is_silent:
            self._close(self._other(side))
        if len(self._lost) == len(self._sides):
            self._on_end(self)

    def hold(self, side: Side) -> None:
        """Stop listening to the other end: this one is full."""
        self._full.add(side)
        self._set_reading()

    def release(self, side: Side) -> None:
        """Listen to the other end again."""
        self._full.discard(side)
        self._set_reading()

    def _set_reading(self) -> None:
        for side in self._sides:
            if side.transport.is_closing():
                continue
            if self._is_silent or self._other(side) in self._full:
                side.transport.pause_reading()
            else:
                side.transport.resume_reading()

    def _other(self, side: Side) -> Side:
        client, server = self._sides
        return server if side is client else client

    @staticmethod
    def _close(side: Side) -> None:
        # Closing an asyncio TLS transport a second time breaks it.
        if not side.transport.is_closing():
            side.transport.close()
