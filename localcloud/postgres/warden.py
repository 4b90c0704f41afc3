"""The beginning and the end of all servers: started together, ended together, and emptied by a reset."""

from __future__ import annotations

import logging
import shutil
from threading import Thread

from lifeboat.core.errors import Stuck
from localcloud.postgres.cleaning import clear_leftovers
from localcloud.postgres.fleet import Fleet
from localcloud.postgres.jobs import Jobs
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.places import Places
from localcloud.postgres.records import Phase, Records
from localcloud.postgres.servers import Servers

_FIRST_S = 15.0
_RESET_S = 60.0
_log = logging.getLogger(__name__)


class Warden:
    """Starts and ends what the fleet has."""

    def __init__(self, places: Places, ledger: Ledger, jobs: Jobs, fleet: Fleet, servers: Servers) -> None:
        self._places = places
        self._ledger = ledger
        self._jobs = jobs
        self._fleet = fleet
        self._servers = servers
        self.has_begun = False

    def begin(self) -> None:
        """Start every server that was running, and wait for them a while.

        One that takes longer (a large recovery) goes on, and is `rebooting` until it answers.
        """
        for record in self._ledger.records.instances.values():
            if record.phase is Phase.MADE and not record.is_stopped:
                self._fleet.begin(record.resource_id)
        self._jobs.wait(_FIRST_S)
        self.has_begun = True

    def end(self, timeout_s: float) -> None:
        """End every server, those first that end by themselves, and whatever else runs here."""
        self._jobs.close()
        ending = [
            Thread(target=server.stop, kwargs={"timeout_s": timeout_s}, daemon=True)
            for server in self._servers.all()
        ]
        for thread in ending:
            thread.start()
        for thread in ending:
            thread.join(timeout_s)
        if ended := clear_leftovers(self._places):
            _log.warning("processes did not end by themselves: %s", ended)

    def reset(self) -> None:
        """End and forget everything; the ports of identifiers stay theirs.

        Raises:
            Stuck: something that was begun does not end.
        """
        for record in self._ledger.records.instances.values():
            self._fleet.delete(record.resource_id, keep_backups=False)
        if not self._jobs.wait(_RESET_S):
            raise Stuck("some instances are still being deleted", retryable=True)
        for directory in (self._places.root / "backups", self._places.root / "snapshots"):
            shutil.rmtree(directory, ignore_errors=True)
        ports = self._ledger.records.ports
        self._ledger.change(lambda _: Records(ports=ports))
