"""Endpoints belong to identifiers: one port per (region, identifier), and what traffic to it does.

A rename moves the traffic to the new identifier's port and leaves nothing at the old one; a promotion or a
failover puts another server behind the same port. Both end the existing connections, as on RDS. All methods
are called in the event loop of the service.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from lifeboat.core.errors import Refused
from localcloud.postgres.admission import Admission
from localcloud.postgres.authority import Authority
from localcloud.postgres.cut import Cut, NewConnections
from localcloud.postgres.forwarder import STARTUP_TIMEOUT_S, Forwarder
from localcloud.postgres.port_book import PortBook


@dataclass(slots=True, kw_only=True)
class _Endpoint:
    region: str
    identifier: str
    forwarder: Forwarder
    target: tuple[str, int] | None
    force_ssl: bool
    cut: Cut | None = None
    met: Cut | None = None


class Endpoints:
    """All endpoints of a local cloud."""

    def __init__(
        self,
        authority: Authority,
        *,
        known: Mapping[str, Mapping[str, int]] | None = None,
        startup_timeout_s: float = STARTUP_TIMEOUT_S,
    ) -> None:
        """Begin without any endpoint.

        Args:
            authority: proves to clients who answers.
            known: `state()` of an earlier run: every identifier gets its port again.
            startup_timeout_s: how long a client may take until it is joined to its server.
        """
        self._authority = authority
        self._book = PortBook(known or {})
        self._startup_timeout_s = startup_timeout_s
        self._endpoints: dict[tuple[str, str], _Endpoint] = {}
        self._region_cuts: dict[str, Cut] = {}

    def state(self) -> dict[str, dict[str, int]]:
        """Return the port of every identifier ever seen, by region, to be saved for the next run."""
        return self._book.state()

    def open(self, region: str, identifier: str, target: tuple[str, int] | None, *, force_ssl: bool) -> int:
        """Open the endpoint of an identifier.

        Args:
            region: such as `us-west-1`.
            identifier: the DBInstanceIdentifier.
            target: host and port of the server; None while there is none: connections are refused, the port
                stays this identifier's.
            force_ssl: refuse connections without TLS.

        Returns:
            The port: the one it had before unless another process has taken that, which is logged.

        Raises:
            Refused: it is open already, or no port is free.
        """
        self._refuse_existing(region, identifier)
        forwarder = Forwarder(startup_timeout_s=self._startup_timeout_s)
        endpoint = _Endpoint(
            region=region, identifier=identifier, forwarder=forwarder, target=target, force_ssl=force_ssl
        )
        return self._place(endpoint, self._book.listen(region, identifier))

    def port(self, region: str, identifier: str) -> int:
        """Return the port of an open endpoint: it may have moved when traffic was restored.

        Raises:
            Refused: it is not open.
        """
        self._endpoint(region, identifier)
        return self._book.ports[region, identifier]

    def connections(self, region: str, identifier: str) -> int:
        """Return how many clients an open endpoint has."""
        return self._endpoint(region, identifier).forwarder.connections

    def retarget(self, region: str, identifier: str, target: tuple[str, int] | None) -> None:
        """Put another server behind a port, or none; existing connections drop even when it is the same one.

        Raises:
            Refused: it is not open.
        """
        endpoint = self._endpoint(region, identifier)
        endpoint.target = target
        endpoint.forwarder.drop_connections()
        self._settle(endpoint)

    def require_tls(self, region: str, identifier: str, *, force_ssl: bool) -> None:
        """Refuse new connections without TLS, or no longer; existing ones stay, as on RDS.

        Raises:
            Refused: it is not open.
        """
        endpoint = self._endpoint(region, identifier)
        endpoint.force_ssl = force_ssl
        self._settle(endpoint)

    def rename(self, region: str, old: str, new: str) -> int:
        """Move traffic to the port of another identifier; nothing listens at the old one, connections drop.

        Returns:
            The port of the new identifier.

        Raises:
            Refused: the old one is not open, the new one is, or no port is free; nothing was changed.
        """
        self._refuse_existing(region, new)
        endpoint = self._endpoint(region, old)
        listener = self._book.listen(region, new)
        del self._endpoints[region, old]
        endpoint.forwarder.drop_connections()
        endpoint.identifier = new
        return self._place(endpoint, listener)

    def close(self, region: str, identifier: str) -> None:
        """Close an endpoint and end its connections; the port stays reserved for the identifier.

        Raises:
            Refused: it is not open.
        """
        self._endpoint(region, identifier).forwarder.close()
        del self._endpoints[region, identifier]

    def cut(self, region: str, identifier: str | None = None, *, cut: Cut) -> None:
        """Cut the traffic to a region, those endpoints included that open during the cut, or to one endpoint.

        While both are cut the region's cut decides.

        Raises:
            Refused: the endpoint is not open.
        """
        self._declare(region, identifier, cut)

    def restore_traffic(self, region: str, identifier: str | None = None) -> None:
        """Take back what `cut` did to a region or to one endpoint.

        Raises:
            Refused: the endpoint is not open.
        """
        self._declare(region, identifier, None)

    def drop_connections(self, region: str, identifier: str) -> None:
        """End the connections of an endpoint, which stays open.

        Raises:
            Refused: it is not open.
        """
        self._endpoint(region, identifier).forwarder.drop_connections()

    async def stop(self) -> None:
        """Close all endpoints and wait until their connections are gone."""
        closing = tuple(self._endpoints.values())
        for endpoint in closing:
            self.close(endpoint.region, endpoint.identifier)
        while any(endpoint.forwarder.connections for endpoint in closing):
            await asyncio.sleep(0.001)

    def _place(self, endpoint: _Endpoint, listener: socket.socket) -> int:
        port: int = listener.getsockname()[1]
        self._endpoints[endpoint.region, endpoint.identifier] = endpoint
        endpoint.forwarder.listen(listener)
        self._settle(endpoint)
        return port

    def _declare(self, region: str, identifier: str | None, cut: Cut | None) -> None:
        if identifier is not None:
            self._endpoint(region, identifier).cut = cut
        elif cut is None:
            self._region_cuts.pop(region, None)
        else:
            self._region_cuts[region] = cut
        for endpoint in self._in_region(region):
            self._settle(endpoint)

    def _settle(self, endpoint: _Endpoint) -> None:
        """Bring a forwarder to what holds for its endpoint now."""
        cut = self._region_cuts.get(endpoint.region) or endpoint.cut
        forwarder = endpoint.forwarder
        forwarder.admission = self._admission(endpoint)
        if forwarder.admission is None or (cut and cut.new is NewConnections.REFUSE):
            forwarder.deafen()
        else:
            if not forwarder.is_listening:
                forwarder.listen(self._book.listen(endpoint.region, endpoint.identifier))
            forwarder.hang() if cut else forwarder.accept()
        if cut != endpoint.met:
            forwarder.meet_cut(cut.existing) if cut else forwarder.resume()
            endpoint.met = cut

    def _admission(self, endpoint: _Endpoint) -> Admission | None:
        if endpoint.target is None:
            return None
        return Admission(
            target=endpoint.target,
            force_ssl=endpoint.force_ssl,
            tls=partial(self._authority.context, endpoint.identifier, endpoint.region),
            on_end=endpoint.forwarder.forget,
        )

    def _endpoint(self, region: str, identifier: str) -> _Endpoint:
        endpoint = self._endpoints.get((region, identifier))
        if endpoint is None:
            raise Refused(f"database {identifier} in {region} has no open endpoint")
        return endpoint

    def _refuse_existing(self, region: str, identifier: str) -> None:
        if (region, identifier) in self._endpoints:
            raise Refused(f"database {identifier} in {region} has an open endpoint already")

    def _in_region(self, region: str) -> Iterator[_Endpoint]:
        return (endpoint for endpoint in self._endpoints.values() if endpoint.region == region)
