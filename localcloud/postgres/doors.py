"""The endpoints as jobs and requests use them: from any thread but that of the event loop they live in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from lifeboat.core.errors import Refused
from localcloud.postgres.cut import Cut
from localcloud.postgres.endpoints import Endpoints
from localcloud.postgres.launch import ADDRESS
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.records import InstanceRecord

_FORCE_SSL = "rds.force_ssl"
_FORCED_SINCE = 15
_TIMEOUT_S = 30.0


class Doors:
    """The endpoints of the instances.

    Args:
        endpoints: in the running event loop.
        ledger: remembers the ports.
    """

    def __init__(self, endpoints: Endpoints, ledger: Ledger) -> None:
        self._loop = asyncio.get_running_loop()
        self._endpoints = endpoints
        self._ledger = ledger
        self._leading: set[str] = set()

    def open(self, record: InstanceRecord) -> None:
        """Open an instance's endpoint: refusing, until there is a server to lead to."""
        self._call(lambda: self.open_here(record))
        self._remember()

    def open_here(self, record: InstanceRecord) -> None:
        """Do what `open` does; in the event loop, before anything is served."""
        force_ssl = forces_ssl(record.major, record.parameters)
        self._endpoints.open(record.region, record.identifier, None, force_ssl=force_ssl)

    def lead(self, record: InstanceRecord) -> None:
        """Lead an endpoint to its instance's server; existing connections drop."""
        target = (ADDRESS, record.server_port)
        self._call(lambda: self._endpoints.retarget(record.region, record.identifier, target))
        self._leading.add(record.resource_id)

    def shut(self, record: InstanceRecord) -> None:
        """Lead an endpoint nowhere: connections drop and are refused."""
        self._leading.discard(record.resource_id)
        self._call(lambda: self._endpoints.retarget(record.region, record.identifier, None))

    def require_tls(self, record: InstanceRecord) -> None:
        """Refuse plain connections, or not, as the instance's parameters say."""
        force_ssl = forces_ssl(record.major, record.parameters)
        self._call(lambda: self._endpoints.require_tls(record.region, record.identifier, force_ssl=force_ssl))

    def rename(self, record: InstanceRecord, identifier: str) -> None:
        """Move an instance to the endpoint of another identifier."""
        self._call(lambda: self._endpoints.rename(record.region, record.identifier, identifier))
        self._remember()

    def close(self, record: InstanceRecord) -> None:
        """Close an instance's endpoint."""
        self._leading.discard(record.resource_id)
        self._call(lambda: self._endpoints.close(record.region, record.identifier))

    def drop_connections(self, record: InstanceRecord) -> None:
        """End the connections of an endpoint, which stays open."""
        self._call(lambda: self._endpoints.drop_connections(record.region, record.identifier))

    def cut(self, region: str, identifier: str | None, cut: Cut) -> None:
        """Cut the traffic to a region or to one endpoint."""
        self._call(lambda: self._endpoints.cut(region, identifier, cut=cut))

    def restore(self, region: str, identifier: str | None) -> None:
        """Take a cut back."""
        self._call(lambda: self._endpoints.restore_traffic(region, identifier))

    def leads(self, resource_id: str) -> bool:
        """Tell whether an instance's endpoint leads to its server; from any thread."""
        return resource_id in self._leading

    def port(self, record: InstanceRecord) -> int | None:
        """Return the port of an instance's endpoint, None when it has none; from any thread."""
        try:
            return self._endpoints.port(record.region, record.identifier)
        except Refused:
            return None

    def connections(self, record: InstanceRecord) -> int:
        """Return how many connections an instance's endpoint has; from any thread."""
        try:
            return self._endpoints.connections(record.region, record.identifier)
        except Refused:
            return 0

    def _remember(self) -> None:
        ports = self._endpoints.state()
        self._ledger.change(lambda known: known.model_copy(update={"ports": ports}))

    def _call(self, call: Callable[[], object]) -> None:
        async def run() -> None:
            call()

        asyncio.run_coroutine_threadsafe(run(), self._loop).result(_TIMEOUT_S)


def forces_ssl(major: int, parameters: Mapping[str, str]) -> bool:
    """Tell whether plain connections are refused; by default since version 15, as on RDS."""
    default = "1" if major >= _FORCED_SINCE else "0"
    return parameters.get(_FORCE_SSL, default) == "1"
