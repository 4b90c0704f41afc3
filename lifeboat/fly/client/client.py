"""The whole of Fly.io behind one object; what each attribute can do stands in the module of its name.

Thread-safe: every attribute shares one `Http`, which paces and repeats. Made once per process and closed.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx

from lifeboat.core.clock import Clock, SystemClock
from lifeboat.fly.client.apps import Apps
from lifeboat.fly.client.certificates import Certificates
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.images import Images
from lifeboat.fly.client.ips import Ips
from lifeboat.fly.client.leases import Leases
from lifeboat.fly.client.logs import Logs
from lifeboat.fly.client.machines import Machines
from lifeboat.fly.client.orgs import Orgs
from lifeboat.fly.client.platform import Platform
from lifeboat.fly.client.releases import Releases
from lifeboat.fly.client.secrets import Secrets
from lifeboat.fly.client.settings import FlySettings
from lifeboat.fly.client.tokens import Tokens
from lifeboat.fly.client.volumes import Volumes


class FlyClient:
    """A client of Fly.io.

    Args:
        settings: addresses and token.
        clock: for pacing, waits and leases.
        transport: how requests travel; httpx's own when None.
    """

    def __init__(
        self,
        settings: FlySettings,
        *,
        clock: Clock | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.settings = settings
        self._http = Http(settings, clock=clock or SystemClock(), transport=transport)
        self.apps = Apps(self._http)
        self.orgs = Orgs(self._http)
        self.machines = Machines(self._http, self.apps, self.orgs)
        self.leases = Leases(self._http)
        self.volumes = Volumes(self._http)
        self.secrets = Secrets(self._http)
        self.ips = Ips(self._http)
        self.certificates = Certificates(self._http)
        self.platform = Platform(self._http)
        self.tokens = Tokens(self._http)
        self.logs = Logs(self._http)
        self.releases = Releases(self._http)
        self.images = Images(self._http)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"FlyClient({self.settings.flaps_url})"
