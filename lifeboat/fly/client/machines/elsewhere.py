"""The second witness of an app's machines: the list of its whole organisation, kept by another service."""

from __future__ import annotations

import threading
from functools import partial

from lifeboat.fly.client.errors import PartialRegion
from lifeboat.fly.client.machines.shared_reading import SharedReading
from lifeboat.fly.client.models.app import App
from lifeboat.fly.client.models.machine import GONE_STATES
from lifeboat.fly.client.models.org_machine import OrgMachine
from lifeboat.fly.client.orgs import Orgs
from lifeboat.fly.client.pages import Collected

Reading = SharedReading[Collected[OrgMachine]]


class Elsewhere:
    """Reads organisations' lists, once for all who ask at the same time."""

    def __init__(self, orgs: Orgs) -> None:
        self._orgs = orgs
        self._lock = threading.Lock()
        self._readings: dict[str, Reading] = {}

    def machines_of(self, app: App) -> frozenset[str]:
        """Return the ids of an app's live machines in its organisation's list.

        Raises:
            PartialRegion: the list misses regions, so that what it does not show proves nothing.
            Forbidden: the token may not list the organisation.
        """
        seen = self._reading(app.organization.slug).value()
        found = frozenset(
            machine.id
            for machine in seen.items
            if machine.app_name == app.name and machine.state not in GONE_STATES
        )
        if seen.error_regions and not found:
            text = f"organization {app.organization.slug}: its list misses {', '.join(seen.error_regions)}"
            raise PartialRegion(text, regions=seen.error_regions)
        return found

    def _reading(self, organization: str) -> Reading:
        with self._lock:
            if organization not in self._readings:
                read = partial(self._orgs.machines, organization)
                self._readings[organization] = SharedReading(read)
            return self._readings[organization]
