"""What happens by itself: servers that ended are started again, logs move on, backups are taken when due.

One thread looks at every instance once a second and never waits for one: what takes time becomes a job.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from threading import Event, Thread

import psycopg

from lifeboat.core.errors import LifeboatError
from localcloud.postgres.faults import Faults
from localcloud.postgres.fleet import Fleet
from localcloud.postgres.jobs import Job, Jobs
from localcloud.postgres.keepers import Keepers
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.records import InstanceRecord, Phase
from localcloud.postgres.storage import Storage

_TICK_S = 1.0
# A look at a server that does not answer takes longer, and then does nothing.
_STOP_S = 5.0
_log = logging.getLogger(__name__)


class Upkeep:
    """Looks after all instances until it is stopped."""

    def __init__(
        self,
        ledger: Ledger,
        jobs: Jobs,
        fleet: Fleet,
        keepers: Keepers,
        storage: Storage,
        faults: Faults,
    ) -> None:
        self._ledger = ledger
        self._jobs = jobs
        self._fleet = fleet
        self._servers = fleet.servers
        self._backups = keepers.backups
        self._replication = keepers.replication
        self._pairs = keepers.pairs
        self._away = keepers.away
        self._storage = storage
        self._faults = faults
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread: whatever ends from now on is meant to."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_S)

    def link(self) -> None:
        """Bring every replica's link to what it should be."""
        for record in self._replication.unsettled():
            name = record.resource_id
            self._submit(name, "link", partial(self._replication.settle, name))

    def hand_over(self) -> None:
        """Let every server hand over its log now: after the clock was moved, what is archived is long ago."""
        for record in self._ledger.records.instances.values():
            name = record.resource_id
            if not self._servers.is_running(name) or self._faults.holds(name):
                continue
            try:
                self._backups.hand_over(record, self._servers.of(name))
            except (psycopg.Error, LifeboatError) as error:
                self._backups.note_failure(name, str(error))

    def _run(self) -> None:
        while not self._stopped.wait(_TICK_S):
            for record in self._ledger.records.instances.values():
                if self._stopped.is_set():
                    return
                if record.phase is Phase.MADE and not record.is_stopped:
                    self._try(partial(self._look, record))
            self._try(self.link)
            self._bound_logs()
            self._try(self._replicate_backups)

    def _try(self, look: Callable[[], None]) -> None:
        """Look after something that may be deleted under its hands; the thread goes on."""
        try:
            look()
        except (LifeboatError, psycopg.Error, OSError) as error:
            _log.warning("a look was cut short: %s", error)

    def _replicate_backups(self) -> None:
        for name in self._away.unsettled():
            self._submit(name, "replicate", partial(self._away.settle, name))

    def _bound_logs(self) -> None:
        """Keep the servers' logs small: one that is asked much fills a disk otherwise."""
        for server in self._servers.all():
            try:
                server.log.bound()
            except OSError as error:
                _log.warning("%s cannot be cut: %s", server.log.path, error)

    def _look(self, record: InstanceRecord) -> None:
        name = record.resource_id
        if self._jobs.is_busy(name) or self._faults.holds(name):
            return
        is_full = self._storage.is_full(record)
        if is_full != record.is_full:
            _log.warning("the storage of %s is %s", record.identifier, "full" if is_full else "large enough")
            self._fleet.set_full(name, is_full=is_full)
            return
        if not self._servers.is_running(name):
            if not is_full:
                self._help_up(record)
            return
        try:
            self._replication.look(record, self._servers.of(name))
            self._backups.look(record, self._servers.of(name))
            is_due = self._backups.is_due(record)
            if self._pairs.is_unsettled(record):
                self._submit(name, "standby", partial(self._pairs.settle, name))
        except (psycopg.Error, LifeboatError, OSError) as error:
            self._backups.note_failure(name, str(error))
            return
        if is_due and not self._jobs.is_busy(f"{name}/backup"):
            self._fleet.back_up(name)

    def _help_up(self, record: InstanceRecord) -> None:
        """Bring back a server that ended; one that does not start stays down until somebody reboots it."""
        name = record.resource_id
        # Asked again: what was declared since then may be why it is down.
        if record.trouble or self._faults.holds(name):
            return
        if self._pairs.can_take_over(record):
            _log.warning("the server of %s ended and its standby takes over", record.identifier)
            self._fleet.fail_over(name)
        else:
            _log.warning("the server of %s ended and is started again", record.identifier)
            self._fleet.begin(name)

    def _submit(self, resource_id: str, name: str, work: Callable[[], None]) -> None:
        """Let something be done in an instance's turn that nobody has to wait for."""
        subject = f"{resource_id}/{name}"
        if not self._jobs.is_busy(subject):
            job = Job(queue=resource_id, subject=subject, name=name, work=work, on_failure=lambda _: None)
            self._jobs.submit(job)
