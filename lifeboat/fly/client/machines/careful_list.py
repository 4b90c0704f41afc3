"""Never believes one list: what is missing in it may be missing only there.

On 2026-04-28 Fly's list answered an empty array for healthy apps and deploys made duplicates. So a list is
believed when Fly's own count of the app's machines agrees with it, and an empty one only when the
organisation-wide list, from another part of the platform, shows no machine of the app either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lifeboat.fly.client.errors import Forbidden, NotFound, PartialRegion, UncertainList
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.models.app import App
from lifeboat.fly.client.models.machine import Machine, MachineState

PAUSES_S = (1.0, 2.0, 4.0)
"""Seconds before each further look while the evidence disagrees."""


class CarefulList:
    """Lists the live machines of apps.

    Args:
        http: whose clock the pauses are on.
        read: lists an app's machines once.
        read_app: reads the app, with Fly's count of its machines.
        seen_elsewhere: the ids of an app's live machines in the list of its whole organisation; raises
            `PartialRegion` when that list is incomplete.
    """

    def __init__(
        self,
        http: Http,
        *,
        read: Callable[[str], Sequence[Machine]],
        read_app: Callable[[str], App],
        seen_elsewhere: Callable[[App], frozenset[str]],
    ) -> None:
        self._http = http
        self._read = read
        self._read_app = read_app
        self._seen_elsewhere = seen_elsewhere

    def machines(self, app: str) -> tuple[Machine, ...]:
        """Return the live machines of an app.

        Raises:
            UncertainList: the evidence still disagrees after several looks.
            AppNotFound: there is no such app.
        """
        doubt = ""
        for pause_s in (0.0, *PAUSES_S):
            self._http.clock.sleep(pause_s)
            described = self._read_app(app)
            listed = [machine for machine in self._read(app) if machine.state != MachineState.DESTROYED]
            doubt = self._doubt(described, listed)
            if not doubt:
                return tuple(machine for machine in listed if machine.is_live)
        raise UncertainList(f"app {app}: {doubt}")

    def _doubt(self, app: App, listed: Sequence[Machine]) -> str:
        # Fly counts a machine that is being destroyed, which on a dead host lasts until the host is back.
        counted = app.machine_count
        if counted is not None and counted > len(listed):
            return f"the list has {len(listed)} machines, fly counts {counted}"
        if listed:
            return ""
        try:
            elsewhere = self._seen_elsewhere(app)
        except PartialRegion as partial:
            return f"the list is empty, and of {', '.join(partial.regions)} nothing is known"
        except (Forbidden, NotFound):
            # A token of one app cannot list the organisation: Fly's count is the second witness then.
            return "" if counted == 0 else "the list is empty and nothing else can be asked"
        return f"the list is empty, the organisation's has {len(elsewhere)}" if elsewhere else ""
