"""All instances of the service: what is told of them is decided here at once, and done by a job.

What others see at once (an endpoint that moves, an instance that is gone) is changed before the answer; what
takes time is submitted. A job that fails leaves its instance `failed`, with the reason, never `available`.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from threading import Lock

from lifeboat.core.errors import Refused
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.doors import Doors
from localcloud.postgres.jobs import Job, Jobs
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.places import Places
from localcloud.postgres.private_port import private_port
from localcloud.postgres.records import InstanceRecord, Phase
from localcloud.postgres.server import Server, StopMode
from localcloud.postgres.wire import Facts, Origin
from localcloud.postgres.workshop import Workshop

_PRINT_ROUNDS = 4096


class Fleet:
    """The instances; safe to use from many threads.

    Args:
        places: where everything lies.
        ledger: what is known of them.
        jobs: does what takes time.
        doors: their endpoints.
        workshop: makes their data.
    """

    def __init__(self, places: Places, ledger: Ledger, jobs: Jobs, doors: Doors, workshop: Workshop) -> None:
        self._places = places
        self._ledger = ledger
        self._jobs = jobs
        self._doors = doors
        self._workshop = workshop
        self._lock = Lock()
        self._servers: dict[str, Server] = {}

    def server(self, resource_id: str) -> Server:
        """Return the server of an instance, running or not.

        Raises:
            Refused: there is no such instance.
        """
        record = self.record(resource_id)
        with self._lock:
            if resource_id not in self._servers:
                self._servers[resource_id] = self._workshop.server(record)
            return self._servers[resource_id]

    def record(self, resource_id: str) -> InstanceRecord:
        """Return what is known of an instance.

        Raises:
            Refused: there is no such instance.
        """
        record = self._ledger.records.instances.get(resource_id)
        if record is None:
            raise Refused(f"there is no instance {resource_id}")
        return record

    def create(self, facts: Facts, origin: Origin) -> None:
        """Begin to make an instance; told twice, it is made once.

        Raises:
            Refused: its version is not there, or it is gone for ever.
        """
        known = self._ledger.records
        record = known.instances.get(facts.resource_id)
        if record is None:
            if facts.resource_id in known.gone:
                raise Refused(f"instance {facts.resource_id} was deleted")
            record = self._new_record(facts, origin)
            self._ledger.put(record)
            self._doors.open(record)
        if record.phase is Phase.MAKING and not self._jobs.is_busy(record.resource_id):
            self._submit(facts.resource_id, "create", lambda: self._make(facts))

    def modify(self, facts: Facts) -> None:
        """Apply what differs from what was told last."""
        self._submit(facts.resource_id, "modify", lambda: self._modify(facts))

    def rename(self, facts: Facts) -> None:
        """Move the endpoint to another identifier, at once."""
        record = self.record(facts.resource_id)
        if record.identifier != facts.identifier:
            self._doors.rename(record, facts.identifier)
            self._ledger.update(record.resource_id, identifier=facts.identifier)

    def reboot(self, facts: Facts) -> None:
        """Restart the server; parameters that wait for it hold from then on."""
        self._submit(facts.resource_id, "reboot", lambda: self._reboot(facts.resource_id))

    def stop(self, facts: Facts) -> None:
        """Stop the server and keep its data."""
        self._ledger.update(facts.resource_id, is_stopped=True)
        self._submit(facts.resource_id, "stop", lambda: self._stop(facts.resource_id))

    def start(self, facts: Facts) -> None:
        """Start a stopped server."""
        self._ledger.update(facts.resource_id, is_stopped=False)
        self.begin(facts.resource_id)

    def begin(self, resource_id: str) -> None:
        """Start the server of an instance that is made, in a job."""
        self._submit(resource_id, "start", lambda: self._start(resource_id))

    def delete(self, resource_id: str) -> None:
        """End the server, close the endpoint and remove the data; told twice, it is done once."""
        record = self._ledger.records.instances.get(resource_id)
        if record is None:
            return
        server = self.server(record.resource_id)
        self._doors.close(record)
        self._ledger.bury(record.resource_id)
        self._submit(record.resource_id, "delete", lambda: self._delete(record, server))

    def is_running(self, resource_id: str) -> bool:
        """Tell whether an instance's server runs."""
        server = self._servers.get(resource_id)
        return server is not None and server.is_running

    def servers(self) -> tuple[Server, ...]:
        """Return every server that was ever started."""
        with self._lock:
            return tuple(self._servers.values())

    def _new_record(self, facts: Facts, origin: Origin) -> InstanceRecord:
        binaries = Binaries.of(major_of(facts.engine_version))
        taken = frozenset(one.server_port for one in self._ledger.records.instances.values())
        return InstanceRecord(
            resource_id=facts.resource_id,
            region=facts.region,
            identifier=facts.identifier,
            major=binaries.major,
            server_port=private_port(taken),
            master_username=facts.master_username,
            password_print=_print_of(facts),
            storage_gib=facts.storage_gib,
            backup_retention_days=facts.backup_retention_days,
            parameters=facts.parameters,
            origin=origin,
            source_resource_id=facts.source_resource_id,
        )

    def _make(self, facts: Facts) -> None:
        record = self.record(facts.resource_id)
        shutil.rmtree(self._places.instance(record.resource_id), ignore_errors=True)
        self._workshop.make(record, facts)
        self.server(record.resource_id).start()
        self._doors.lead(self.record(record.resource_id))
        self._ledger.update(record.resource_id, phase=Phase.MADE)

    def _start(self, resource_id: str) -> None:
        self.server(resource_id).start()
        self._doors.lead(self.record(resource_id))

    def _stop(self, resource_id: str) -> None:
        self._doors.shut(self.record(resource_id))
        self.server(resource_id).stop()

    def _reboot(self, resource_id: str) -> None:
        self._stop(resource_id)
        self._start(resource_id)

    def _modify(self, facts: Facts) -> None:
        record = self.record(facts.resource_id)
        password_print = _print_of(facts)
        if record.password_print != password_print:
            self._workshop.set_password(self.server(record.resource_id), facts)
        self._ledger.update(
            record.resource_id,
            password_print=password_print,
            storage_gib=facts.storage_gib,
            backup_retention_days=facts.backup_retention_days,
            parameters=facts.parameters,
        )
        self._doors.require_tls(self.record(record.resource_id))

    def _delete(self, record: InstanceRecord, server: Server) -> None:
        server.stop(StopMode.IMMEDIATE)
        shutil.rmtree(self._places.instance(record.resource_id))
        with self._lock:
            self._servers.pop(record.resource_id, None)

    def _submit(self, resource_id: str, name: str, work: Callable[[], None]) -> None:
        def failed(error: Exception) -> None:
            self._ledger.update(resource_id, phase=Phase.FAILED, reason=f"{name}: {error}")

        self._jobs.submit(Job(queue=resource_id, name=name, work=work, on_failure=failed))


def major_of(engine_version: str) -> int:
    """Return the major version of an engine version such as `16.4` or `16`.

    Raises:
        Refused: it is no version of PostgreSQL.
    """
    major = engine_version.partition(".")[0]
    if not major.isdigit():
        raise Refused(f"{engine_version!r} is no version of postgresql")
    return int(major)


def _print_of(facts: Facts) -> str:
    password = facts.master_password.get_secret_value().encode()
    return hashlib.pbkdf2_hmac("sha256", password, facts.resource_id.encode(), _PRINT_ROUNDS).hex()
