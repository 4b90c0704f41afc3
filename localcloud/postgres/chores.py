"""What the jobs do: each method is one operation on one instance, from begin to end, in the job's thread."""

from __future__ import annotations

import shutil

from localcloud.postgres.doors import Doors
from localcloud.postgres.keepers import Keepers
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.password_print import password_print
from localcloud.postgres.places import Places
from localcloud.postgres.records import InstanceRecord, Phase
from localcloud.postgres.server import Server, StopMode
from localcloud.postgres.servers import Servers
from localcloud.postgres.wire import Facts, OriginKind
from localcloud.postgres.workshop import master_of


class Chores:
    """The operations; one at a time on one instance, which is what the jobs' queues are for."""

    def __init__(
        self,
        places: Places,
        ledger: Ledger,
        servers: Servers,
        doors: Doors,
        keepers: Keepers,
    ) -> None:
        self._places = places
        self._ledger = ledger
        self._servers = servers
        self._doors = doors
        self._workshop = servers.workshop
        self._backups = keepers.backups
        self._replication = keepers.replication
        self._pairs = keepers.pairs

    def make(self, facts: Facts) -> None:
        """Make an instance; what an earlier attempt left that was cut short is thrown away."""
        record, server = self._both(facts.resource_id)
        server.kill()
        self._pairs.clear(record)
        shutil.rmtree(self._places.instance(record.resource_id), ignore_errors=True)
        if record.origin.kind is OriginKind.REPLICA:
            self._replication.release(record)
            self._replication.begin(record, server)
        else:
            self._workshop.make(record, server, facts)
        self._backups.adjust(record, server)
        self._pairs.settle(record.resource_id)
        self._doors.lead(self._servers.record(record.resource_id))
        self._ledger.update(record.resource_id, phase=Phase.MADE)

    def start(self, resource_id: str) -> None:
        """Start a server and lead its endpoint there."""
        record, server = self._both(resource_id)
        server.start()
        self._pairs.start(record)
        self._adjust_backups(record)
        self._doors.lead(record)
        self._ledger.update(resource_id, pending_restart=())

    def stop(self, resource_id: str) -> None:
        """Drop the connections and stop a server after a checkpoint."""
        record, server = self._both(resource_id)
        self._doors.shut(record)
        server.stop()
        self._pairs.stop(record)

    def reboot(self, resource_id: str) -> None:
        """Stop and start."""
        self.stop(resource_id)
        self.start(resource_id)

    def fail_over(self, resource_id: str) -> None:
        """Let the standby take over; connections drop, and replicas follow the new server."""
        record, server = self._both(resource_id)
        if server.is_running:
            self._pairs.settle(resource_id)
            record = self._servers.record(resource_id)
        self._pairs.fail_over(record)
        self._replication.turn(resource_id)
        self._doors.lead(self._servers.record(resource_id))

    def modify(self, facts: Facts) -> None:
        """Apply what differs from what was told last."""
        before, server = self._both(facts.resource_id)
        changes: dict[str, object] = {
            "password_print": password_print(facts),
            "storage_gib": facts.storage_gib,
            "backup_retention_days": facts.backup_retention_days,
            "parameters": facts.parameters,
            "multi_az": facts.multi_az,
        }
        after = before.model_copy(update=changes)
        if before.password_print != after.password_print:
            server.set_master_password(master_of(facts))
        if before.parameters != after.parameters:
            settings = self._workshop.settings(after)
            waiting = [each.apply(settings) for each in self._servers.both(facts.resource_id)]
            changes["pending_restart"] = waiting[0]
            self._doors.require_tls(after)
        if before.backup_retention_days != after.backup_retention_days:
            self._adjust_backups(after)
        self._ledger.update(facts.resource_id, **changes)
        if server.is_running:
            self._pairs.settle(facts.resource_id)

    def promote(self, facts: Facts) -> None:
        """Make a replica writable and independent; its connections drop, as on RDS."""
        record = self._servers.record(facts.resource_id)
        if record.source_resource_id is not None:
            self._replication.end(record)
        self.modify(facts)
        self._doors.lead(self._servers.record(facts.resource_id))

    def part(self, resource_id: str) -> None:
        """Make a replica independent whose source is being deleted."""
        self._replication.end(self._servers.record(resource_id))

    def back_up(self, resource_id: str) -> None:
        """Take a base backup when one is due."""
        record, server = self._both(resource_id)
        if server.is_running and self._backups.is_due(record):
            self._backups.take(record, server)

    def backup_failed(self, resource_id: str, error: Exception) -> None:
        """Remember why there is no newer backup; the instance itself is none the worse."""
        self._backups.note_failure(resource_id, str(error))

    def delete(self, record: InstanceRecord, servers: tuple[Server, ...], *, keep_backups: bool) -> None:
        """End the server, and the standby, of an instance that is buried already, and remove its data."""
        self._replication.release(record)
        # In good order, a server hands over the last of its log.
        for server in servers:
            server.stop(StopMode.FAST if keep_backups else StopMode.IMMEDIATE)
        shutil.rmtree(self._places.instance(record.resource_id), ignore_errors=True)
        if not keep_backups:
            self._backups.remove(record.resource_id)
        self._servers.forget(record.resource_id)

    def _adjust_backups(self, record: InstanceRecord) -> None:
        for server in self._servers.both(record.resource_id):
            if server.is_running:
                self._backups.adjust(record, server)

    def _both(self, resource_id: str) -> tuple[InstanceRecord, Server]:
        return self._servers.record(resource_id), self._servers.of(resource_id)
