"""The one background process that owns every process of the local cloud.

It listens on nothing: what it knows it writes into the record, what it is told comes as a signal. It must
never end before its children have ended, and it must never outlive a start that was interrupted: until
somebody claims the cloud, the starter's end of the lifeline holds it alive.
"""

from __future__ import annotations

import logging
import secrets
from threading import Thread
from typing import BinaryIO

from filelock import FileLock

from lifeboat.core.clock import Clock
from lifeboat.core.errors import LifeboatError
from localcloud.supervisor.directory import CloudDirectory
from localcloud.supervisor.identity import ProcessIdentity
from localcloud.supervisor.leftovers import end_leftovers
from localcloud.supervisor.ports import choose_port
from localcloud.supervisor.record import (
    CloudRecord,
    CloudState,
    Failure,
    ServiceRecord,
    ServiceState,
    read_record,
    write_record,
)
from localcloud.supervisor.service import Ports, Service
from localcloud.supervisor.watch import Watch

TICK_S = 0.1
LIFE_LOCK_TIMEOUT_S = 5.0
_log = logging.getLogger(__name__)


class Supervisor:
    """Starts the declared services and keeps them running until told to end.

    Args:
        directory: where everything is written.
        services: what to run.
        clock: time.
        new_ports: forget the ports of the last run.
    """

    def __init__(
        self,
        directory: CloudDirectory,
        services: tuple[Service, ...],
        *,
        clock: Clock,
        new_ports: bool = False,
    ) -> None:
        self._directory = directory
        self._services = services
        self._clock = clock
        self._new_ports = new_ports
        self._watches: tuple[Watch, ...] = ()
        self._stop = False
        self._starter_gone = False
        self._failure: Failure | None = None
        self._previous: CloudRecord | None = None
        self._generation = ""
        self._own = ProcessIdentity.own()
        self._started_at = clock.now()
        self._written: CloudRecord | None = None

    def request_stop(self) -> None:
        """Ask for the end; safe to call from a signal handler, which is why it only sets a flag."""
        self._stop = True

    def hold_to(self, lifeline: BinaryIO) -> None:
        """End when `lifeline` ends, unless the cloud was claimed before."""

        def wait() -> None:
            while lifeline.read(4096):
                pass
            self._starter_gone = True

        Thread(target=wait, name="lifeline", daemon=True).start()

    def run(self) -> int:
        """Own the cloud until its end and return the exit code."""
        with FileLock(self._directory.life_lock, timeout=LIFE_LOCK_TIMEOUT_S):
            try:
                self._begin()
                while not self._stop and self._failure is None:
                    self._step()
                    self._clock.sleep(TICK_S)
            except LifeboatError as error:
                self._failure = Failure(message=error.message, hint=error.hint, exit_code=error.exit_code)
            finally:
                self._end()
        return self._failure.exit_code if self._failure else 0

    def _begin(self) -> None:
        self._previous = read_record(self._directory.record)
        self._directory.claim.unlink(missing_ok=True)
        self._directory.state.mkdir(parents=True, exist_ok=True)
        self._generation = self._first_generation()
        self._write(CloudState.STARTING)
        before = self._previous.services if self._previous else ()
        for pid in end_leftovers(before, max(service.stop_timeout_s for service in self._services)):
            _log.warning("process %d of an earlier run did not end by itself", pid)
        self._watches = self._make_watches()
        for watch in self._watches:
            watch.start()
        self._write(CloudState.STARTING)

    def _first_generation(self) -> str:
        before = self._previous
        # Only an end in good order proves that everything the services were told is in their saved state.
        if before is not None and before.state is CloudState.STOPPED and before.generation:
            return before.generation
        return secrets.token_hex(8)

    def _make_watches(self) -> tuple[Watch, ...]:
        remembered = self._previous.ports() if self._previous and not self._new_ports else {}
        taken: set[int] = set()

        def choose(name: str) -> int:
            port = choose_port(name, remembered.get(name), taken=frozenset(taken))
            taken.add(port)
            return port

        own = {service.name: choose(service.name) for service in self._services}
        doors = {
            service.name: {door: choose(f"{service.name}.{door}") for door in service.doors}
            for service in self._services
        }
        return tuple(
            Watch(
                service,
                self._directory,
                Ports(own=own[service.name], doors=doors[service.name], others=own),
                self._clock,
            )
            for service in self._services
        )

    def _step(self) -> None:
        for watch in self._watches:
            restarts = watch.restarts
            watch.step()
            if watch.restarts > restarts:
                _log.warning("service %s was started again", watch.service.name)
                self._generation = secrets.token_hex(8)
        self._failure = next((watch.failure for watch in self._watches if watch.failure), None)
        if self._starter_gone:
            self._starter_gone = False
            self._heed_starter()
        if not self._stop and self._failure is None:
            self._write(self._state())

    def _heed_starter(self) -> None:
        # Written down before the claim is looked for, and a claimer looks here after claiming: whichever
        # comes second sees the first, so nobody is left with a cloud that is about to end.
        self._write(CloudState.STOPPING)
        if not self._directory.claim.exists():
            _log.info("the start was interrupted")
            self._stop = True

    def _state(self) -> CloudState:
        if all(watch.state is ServiceState.READY for watch in self._watches):
            return CloudState.RUNNING
        was_running = self._written is not None and self._written.state is CloudState.RUNNING
        return CloudState.RUNNING if was_running else CloudState.STARTING

    def _end(self) -> None:
        if self._failure is None:
            self._write(CloudState.STOPPING)
        for watch in reversed(self._watches):
            watch.ask_to_stop()
        for watch in reversed(self._watches):
            watch.stop()
        if self._failure is None:
            self._write(CloudState.STOPPED)
            return
        _log.error("%s", self._failure.message)
        self._write(CloudState.FAILED)

    def _write(self, state: CloudState) -> None:
        record = CloudRecord(
            state=state,
            pid=self._own.pid,
            created_s=self._own.created_s,
            started_at=self._started_at,
            generation=self._generation,
            services=self._service_records(),
            failure=self._failure,
        )
        if record != self._written:
            write_record(self._directory.record, record)
            self._written = record

    def _service_records(self) -> tuple[ServiceRecord, ...]:
        if self._watches:
            return tuple(watch.record() for watch in self._watches)
        # Until the new ports are chosen, the old record is all there is to remember them by.
        return self._previous.services if self._previous else ()
