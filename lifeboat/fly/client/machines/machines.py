"""All that can be done with machines, in one class; each part of it has its own module."""

from __future__ import annotations

import threading
from functools import partial

from lifeboat.fly.client.apps import Apps
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.machines.careful_list import CarefulList
from lifeboat.fly.client.machines.creating import MachineCreating
from lifeboat.fly.client.machines.elsewhere import Elsewhere
from lifeboat.fly.client.machines.marking import MachineMarking
from lifeboat.fly.client.machines.running import MachineRunning
from lifeboat.fly.client.machines.shared_reading import SharedReading
from lifeboat.fly.client.machines.updating import MachineUpdating
from lifeboat.fly.client.machines.waiting import MachineWaiting
from lifeboat.fly.client.models.machine import Machine
from lifeboat.fly.client.orgs import Orgs

Reading = SharedReading[tuple[Machine, ...]]


class Machines(MachineCreating, MachineUpdating, MachineRunning, MachineMarking, MachineWaiting):
    """The machines of apps.

    Args:
        http: the door to Fly.
        apps: for Fly's own count of an app's machines.
        orgs: for the organisation's list, which contradicts a list of the app that is wrongly empty.
    """

    def __init__(self, http: Http, apps: Apps, orgs: Orgs) -> None:
        super().__init__(http)
        self._careful = CarefulList(
            http, read=self.list, read_app=apps.get, seen_elsewhere=Elsewhere(orgs).machines_of
        )
        self._lock = threading.Lock()
        self._readings: dict[str, Reading] = {}

    def list_carefully(self, app: str) -> tuple[Machine, ...]:
        """Return an app's live machines, believing no single list; act on what is missing only after this.

        Those who ask for one app at the same time share a reading.

        Raises:
            UncertainList: Fly's own count, or its list of the whole organisation, contradicts the list.
            AppNotFound: there is no such app.
        """
        with self._lock:
            if app not in self._readings:
                self._readings[app] = SharedReading(partial(self._careful.machines, app))
            reading = self._readings[app]
        return reading.value()
