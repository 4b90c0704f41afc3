"""Who follows whom, as far as servers know it: begun, ended by a promotion, and cut off with a region.

A replica's link is a matter of the regions at its two ends. While one of them is cut off nothing arrives, and
afterwards the replica goes on where it was: its slot keeps the log.
"""

from __future__ import annotations

import logging
import re
import shutil

from lifeboat.core.errors import Refused
from lifeboat.postgres.failure import ServerFailed
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.records import InstanceRecord, Phase
from localcloud.postgres.regions import RegionCuts
from localcloud.postgres.replica import cut_link, drop_slot, follow, promote, start_replica
from localcloud.postgres.server import Server
from localcloud.postgres.servers import Servers

_RECEIVES = "select exists (select from pg_stat_wal_receiver where status = 'streaming')"
_log = logging.getLogger(__name__)


class Replication:
    """The links between servers."""

    def __init__(self, ledger: Ledger, servers: Servers, cuts: RegionCuts) -> None:
        self._ledger = ledger
        self._servers = servers
        self._cuts = cuts
        self._linked: dict[str, bool] = {}
        self._held: set[str] = set()
        self._turned: set[str] = set()
        self._streaming: set[str] = set()

    def begin(self, record: InstanceRecord, server: Server) -> None:
        """Make a server that follows its record's source.

        Raises:
            Refused: the source is not there, or its region cannot be reached.
            ServerFailed, psycopg.Error: it does not follow.
        """
        primary = self._primary(record)
        if primary is None:
            raise Refused(f"the source of replica {record.identifier} is not there")
        if self._is_cut(record, primary):
            raise Refused(f"the source of replica {record.identifier} cannot be reached", retryable=True)
        start_replica(self._servers.of(primary.resource_id), server, slot=slot_of(record.resource_id))
        self._linked[record.resource_id] = True
        self._streaming.add(record.resource_id)

    def end(self, record: InstanceRecord) -> None:
        """Make a replica writable, and forget its source."""
        promote(self._servers.of(record.resource_id))
        self.release(record)
        self._ledger.update(record.resource_id, source_resource_id=None)

    def release(self, record: InstanceRecord) -> None:
        """Let the source keep its log no longer for this replica; one that is gone keeps nothing anyway."""
        primary = self._primary(record)
        if primary is None or not self._servers.is_running(primary.resource_id):
            return
        drop_slot(self._servers.of(primary.resource_id), slot_of(record.resource_id))

    def turn(self, resource_id: str) -> None:
        """Let the replicas of an instance follow the server that took over from the one they followed."""
        for follower in self.followers(resource_id):
            self._turned.add(follower.resource_id)
            self._linked.pop(follower.resource_id, None)

    def look(self, record: InstanceRecord, server: Server) -> None:
        """Find out whether the log of its source arrives at a running replica.

        Raises:
            psycopg.Error: the replica does not answer.
        """
        is_streaming = record.source_resource_id is not None and server.query(_RECEIVES) == [(True,)]
        (self._streaming.add if is_streaming else self._streaming.discard)(record.resource_id)

    def state(self, record: InstanceRecord) -> str:
        """Return what RDS calls a replica's state, as it was found last; empty for what is none."""
        if record.source_resource_id is None:
            return ""
        if self._primary(record) is None:
            return "terminated"
        return "replicating" if record.resource_id in self._streaming else "error"

    def followers(self, resource_id: str) -> tuple[InstanceRecord, ...]:
        """Return the replicas of an instance."""
        known = self._ledger.records.instances.values()
        return tuple(record for record in known if record.source_resource_id == resource_id)

    def hold(self, resource_id: str) -> None:
        """Let nothing arrive at a replica until its hold is released."""
        self._held.add(resource_id)

    def release_hold(self, resource_id: str) -> None:
        """Let a replica follow again."""
        self._held.discard(resource_id)

    def unsettled(self) -> tuple[InstanceRecord, ...]:
        """Return the replicas whose link is not as it should be."""
        return tuple(
            record
            for record in self._ledger.records.instances.values()
            if (wanted := self._wanted(record)) is not None and self._linked.get(record.resource_id) != wanted
        )

    def settle(self, resource_id: str) -> None:
        """Bring a replica's link to what it should be.

        Raises:
            ServerFailed, psycopg.Error: it does not follow (again).
        """
        record = self._ledger.records.instances.get(resource_id)
        wanted = self._wanted(record) if record else None
        if record is None or wanted is None:
            return
        replica, primary = self._servers.of(resource_id), self._primary(record)
        if not wanted:
            cut_link(replica)
        elif primary is not None:
            self._follow(record, replica, self._servers.of(primary.resource_id))
        self._linked[resource_id] = wanted
        (self._streaming.add if wanted else self._streaming.discard)(resource_id)

    def _follow(self, record: InstanceRecord, replica: Server, primary: Server) -> None:
        slot = slot_of(record.resource_id)
        try:
            follow(replica, primary, slot=slot)
        except ServerFailed as error:
            if record.resource_id not in self._turned:
                raise
            # It had read what no standby had acknowledged, or what the one that took over has no more.
            _log.warning("replica %s is made anew after a failover: %s", record.identifier, error)
            self._ledger.update(record.resource_id, phase=Phase.MAKING)
            replica.kill()
            shutil.rmtree(replica.data)
            drop_slot(primary, slot)
            start_replica(primary, replica, slot=slot)
            self._ledger.update(record.resource_id, phase=Phase.MADE)
        self._turned.discard(record.resource_id)

    def _wanted(self, record: InstanceRecord) -> bool | None:
        """Tell whether a link should be there; None when that cannot be changed now."""
        primary = self._primary(record)
        runs = self._servers.is_running
        if primary is None or record.phase is not Phase.MADE or not runs(record.resource_id):
            return None
        is_cut = record.resource_id in self._held or self._is_cut(record, primary)
        return not is_cut if is_cut or runs(primary.resource_id) else None

    def _is_cut(self, record: InstanceRecord, primary: InstanceRecord) -> bool:
        is_apart = record.region != primary.region
        return is_apart and (self._cuts.is_cut(record.region) or self._cuts.is_cut(primary.region))

    def _primary(self, record: InstanceRecord) -> InstanceRecord | None:
        return self._ledger.records.instances.get(record.source_resource_id or "")


def slot_of(resource_id: str) -> str:
    """Return the name of a replica's slot at its source."""
    return re.sub(r"[^a-z0-9]", "_", resource_id.lower())
