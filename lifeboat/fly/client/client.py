"""The whole of Fly.io behind one object; what each attribute can do stands in the module of its name.

Thread-safe: every attribute shares one `Http`, which paces and repeats. Made once per process and closed.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx

from lifeboat.core.clock import Clock, SystemClock
from lifeboat.fly.client.apps import Apps
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.settings import FlySettings


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
