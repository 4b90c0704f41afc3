"""All instances of the service: what is told of them is decided here at once, and done by a job.

What others see at once (an endpoint that moves, an instance that is gone) is changed before the answer; what
takes time is submitted. A job that fails leaves its instance `failed`, with the reason, never `available`.
"""

from __future__ import annotations

from collections.abc import Callable

from lifeboat.core.errors import Refused
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.chores import Chores
from localcloud.postgres.doors import Doors
from localcloud.postgres.jobs import Job, Jobs
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.pairs import taken_ports, wants_standby
from localcloud.postgres.password_print import password_print
from localcloud.postgres.private_port import private_port
from localcloud.postgres.records import InstanceRecord, Phase
from localcloud.postgres.replication import Replication
from localcloud.postgres.servers import Servers
from localcloud.postgres.wire import Facts, Origin

Work = Callable[[], None]


class Fleet:
    """The instances; safe to use from many threads.

    Attributes:
        servers: theirs.
    """

    def __init__(
        self,
        ledger: Ledger,
        jobs: Jobs,
        servers: Servers,
        doors: Doors,
        chores: Chores,
        replication: Replication,
    ) -> None:
        self._ledger = ledger
        self._jobs = jobs
        self.servers = servers
        self._doors = doors
        self._chores = chores
        self._replication = replication

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
            self._submit(record.resource_id, "create", lambda: self._chores.make(facts))
            self.back_up(record.resource_id)

    def modify(self, facts: Facts) -> None:
        """Apply what differs from what was told last."""
        self._submit(facts.resource_id, "modify", lambda: self._chores.modify(facts))
        self.back_up(facts.resource_id)

    def rename(self, facts: Facts) -> None:
        """Move the endpoint to another identifier, at once."""
        record = self.servers.record(facts.resource_id)
        if record.identifier != facts.identifier:
            self._doors.rename(record, facts.identifier)
            self._ledger.update(record.resource_id, identifier=facts.identifier)

    def reboot(self, resource_id: str, *, force_failover: bool = False) -> None:
        """Restart the server; parameters that wait for it hold from then on.

        Raises:
            Refused: it shall fail over, and is no Multi-AZ instance.
        """
        if force_failover:
            if not wants_standby(self.servers.record(resource_id)):
                raise Refused(f"{resource_id} has no standby to fail over to")
            self.fail_over(resource_id)
            return
        self._submit(resource_id, "reboot", lambda: self._chores.reboot(resource_id))

    def fail_over(self, resource_id: str) -> None:
        """Let the standby take over."""
        self._submit(resource_id, "failover", lambda: self._chores.fail_over(resource_id))

    def stop(self, resource_id: str) -> None:
        """Stop the server and keep its data."""
        self._ledger.update(resource_id, is_stopped=True)
        self._submit(resource_id, "stop", lambda: self._chores.stop(resource_id))

    def start(self, resource_id: str) -> None:
        """Start a stopped server."""
        self._ledger.update(resource_id, is_stopped=False)
        self.begin(resource_id)

    def set_full(self, resource_id: str, *, is_full: bool) -> None:
        """Stop the server of an instance whose storage is full, or start it when it is so no more."""
        self._ledger.update(resource_id, is_full=is_full)
        if is_full:
            self._submit(resource_id, "storage-full", lambda: self._chores.stop(resource_id))
        else:
            self.begin(resource_id)

    def begin(self, resource_id: str) -> None:
        """Start the server of an instance that is made."""
        self._submit(resource_id, "start", lambda: self._chores.start(resource_id))

    def promote(self, facts: Facts) -> None:
        """Make a replica writable and independent."""
        self._submit(facts.resource_id, "promote", lambda: self._chores.promote(facts))
        self.back_up(facts.resource_id)

    def delete(self, resource_id: str, *, keep_backups: bool) -> None:
        """End the server, close the endpoint and remove the data; told twice, it is done once.

        Replicas in the same region become independent, as on RDS; those elsewhere follow nothing.
        """
        record = self._ledger.records.instances.get(resource_id)
        if record is None:
            return
        for follower in self._replication.followers(resource_id):
            if follower.region == record.region:
                self._part(follower.resource_id)
        servers = self.servers.both(resource_id)
        self._doors.close(record)
        self._ledger.bury(resource_id)
        self._submit(
            resource_id, "delete", lambda: self._chores.delete(record, servers, keep_backups=keep_backups)
        )

    def back_up(self, resource_id: str) -> None:
        """Take a base backup when one is due; the instance is not busy with it."""
        job = Job(
            queue=resource_id,
            subject=f"{resource_id}/backup",
            name="backup",
            work=lambda: self._chores.back_up(resource_id),
            on_failure=lambda error: self._chores.backup_failed(resource_id, error),
        )
        self._jobs.submit(job)

    def _part(self, resource_id: str) -> None:
        self._submit(resource_id, "promote", lambda: self._chores.part(resource_id))

    def _new_record(self, facts: Facts, origin: Origin) -> InstanceRecord:
        binaries = Binaries.of(major_of(facts.engine_version))
        taken = taken_ports(tuple(self._ledger.records.instances.values()))
        return InstanceRecord(
            resource_id=facts.resource_id,
            region=facts.region,
            identifier=facts.identifier,
            major=binaries.major,
            server_port=private_port(taken),
            password_print=password_print(facts),
            storage_gib=facts.storage_gib,
            backup_retention_days=facts.backup_retention_days,
            parameters=facts.parameters,
            origin=origin,
            source_resource_id=facts.source_resource_id,
            multi_az=facts.multi_az,
        )

    def _submit(self, resource_id: str, name: str, work: Work) -> None:
        def run() -> None:
            work()
            self._ledger.update(resource_id, trouble="", reason="")

        def failed(error: Exception) -> None:
            self._failed(resource_id, name, error)

        self._jobs.submit(Job(queue=resource_id, name=name, work=run, on_failure=failed))

    def _failed(self, resource_id: str, name: str, error: Exception) -> None:
        record = self._ledger.records.instances.get(resource_id)
        if record is None:
            return
        reason = f"{name}: {error}"
        if record.phase is Phase.MAKING:
            self._ledger.update(resource_id, phase=Phase.FAILED, reason=reason)
            return
        is_refused_value = name == "modify" and isinstance(error, Refused)
        trouble = "incompatible-parameters" if is_refused_value else "failed"
        self._ledger.update(resource_id, trouble=trouble, reason=reason)


def major_of(engine_version: str) -> int:
    """Return the major version of an engine version such as `16.4` or `16`.

    Raises:
        Refused: it is no version of PostgreSQL.
    """
    major = engine_version.partition(".")[0]
    if not major.isdigit():
        raise Refused(f"{engine_version!r} is no version of postgresql")
    return int(major)
