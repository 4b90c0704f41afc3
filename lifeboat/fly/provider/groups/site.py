"""What every doing function of a group's work needs: the client, the declaration, the clock, a voice."""

from __future__ import annotations

from dataclasses import dataclass

from lifeboat.core.clock import Clock
from lifeboat.fly.client import FlyClient
from lifeboat.fly.provider.groups.desired import Desired
from lifeboat.fly.provider.groups.patience import Patience
from lifeboat.providerkit.requests import Log


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One piece of work on one group; nothing in it changes.

    Args:
        log: shows a line under the resource.
    """

    client: FlyClient
    desired: Desired
    clock: Clock
    log: Log
    patience: Patience

    @property
    def app(self) -> str:
        """The app the group belongs to."""
        return self.desired.app
