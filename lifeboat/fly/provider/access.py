"""What handlers reach the world through: one Fly client per provider process, made with the first call.

One client, because Fly counts requests per action and machine and its buckets live in the client. The token
is read when the client is made, so that a check or a preview without calls needs none.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from lifeboat.core.clock import Clock, SystemClock
from lifeboat.fly.provider.claims import Claims

if TYPE_CHECKING:
    import httpx

    from lifeboat.fly.client import FlyClient


class FlyAccess:
    """Hands out the process's client.

    Args:
        environment: where the FLY_ and AWS_ variables are read.
        transport: how the client sends; None for the network.
        clock: what the client waits on until a request brings its own; real time when None.
        recheck_s: seconds between two looks before an object counts as gone.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        transport: httpx.BaseTransport | None = None,
        clock: Clock | None = None,
        recheck_s: float = 5.0,
    ) -> None:
        self.environment = environment
        self.recheck_s = recheck_s
        self.claims = Claims()
        self._transport = transport
        self._clock = _FollowingClock(clock or SystemClock())
        self._lock = threading.Lock()
        self._client: FlyClient | None = None

    def client(self, clock: Clock | None = None) -> FlyClient:
        """Return the client; its waits follow the given clock, so that the operator can cancel them.

        Raises:
            ConfigError: there is no token, or an address cannot be used.
        """
        from lifeboat.fly.client import FlyClient, FlySettings

        with self._lock:
            if clock is not None:
                self._clock.follow(clock)
            if self._client is None:
                settings = FlySettings.from_environment(self.environment)
                self._client = FlyClient(settings, clock=self._clock, transport=self._transport)
            return self._client


class _FollowingClock:
    """The clock of the requests: all of one process carry the same, known only once one of them came."""

    def __init__(self, inner: Clock) -> None:
        self._inner = inner

    def follow(self, clock: Clock) -> None:
        self._inner = clock

    def now(self) -> datetime:
        return self._inner.now()

    def monotonic_s(self) -> float:
        return self._inner.monotonic_s()

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)
