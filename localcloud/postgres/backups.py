"""The backups of the instances: who has an archive, when a base backup is due, and how far one can go back.

Stands between the fleet, which says when an instance begins and ends, and the archives themselves. What is
known of an archive is looked up by `look`, from time to time, and only told by `restorable`.
"""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta

from localcloud.postgres.archive import Archive, detach
from localcloud.postgres.base_backup import beat, hand_over, remove_old, take_base_backup
from localcloud.postgres.cloud_time import CloudTime
from localcloud.postgres.places import Places
from localcloud.postgres.records import InstanceRecord
from localcloud.postgres.server import Server
from localcloud.postgres.window import earliest_restorable_at, latest_restorable_at

_BETWEEN_BACKUPS = timedelta(days=1)


class Backups:
    """All archives.

    Args:
        places: where they lie.
        time: the cloud's; the servers stamp their transactions with the machine's.
        interval_s: how often a server hands over its log, full segment or not.

    Attributes:
        interval_s: as given.
        failures: why the last attempt at a backup failed, by resource id.
    """

    def __init__(self, places: Places, time: CloudTime, *, interval_s: int) -> None:
        self._places = places
        self._time = time
        self._clock = time.clock
        self.interval_s = interval_s
        self._restorable: dict[str, tuple[datetime, datetime]] = {}
        self._beaten_s: dict[str, float] = {}
        self.failures: dict[str, str] = {}

    def archive(self, resource_id: str) -> Archive:
        """Return the archive of an instance that is there or was."""
        return Archive(self._places.backups(resource_id))

    def adjust(self, record: InstanceRecord, server: Server) -> None:
        """Let a running server hand over its log, or no longer, as its retention says."""
        if has_backups(record):
            self.archive(record.resource_id).attach(server, interval_s=self.interval_s)
        else:
            detach(server)

    def is_due(self, record: InstanceRecord) -> bool:
        """Tell whether it is time for a base backup."""
        if not has_backups(record):
            return False
        taken = self.archive(record.resource_id).backups()
        if not taken:
            return True
        return self._time.of(taken[-1].facts.finished_at) + _BETWEEN_BACKUPS < self._time.now()

    def take(self, record: InstanceRecord, server: Server) -> None:
        """Take a base backup, and remove what is older than the retention."""
        archive = self.archive(record.resource_id)
        now = self._clock.now()
        self.failures.pop(record.resource_id, None)
        take_base_backup(server, archive, now=now)
        kept = timedelta(days=record.backup_retention_days)
        remove_old(archive, before=self._time.machine(self._time.now() - kept))

    def look(self, record: InstanceRecord, server: Server) -> None:
        """Keep an idle server's log moving, and find out how far the archive reaches."""
        if not has_backups(record):
            self._restorable.pop(record.resource_id, None)
            return
        now_s = self._clock.monotonic_s()
        if now_s - self._beaten_s.get(record.resource_id, 0.0) >= self.interval_s:
            self._beaten_s[record.resource_id] = now_s
            beat(server)
        archive = self.archive(record.resource_id)
        earliest_at, latest_at = earliest_restorable_at(archive), latest_restorable_at(archive)
        if earliest_at is None or latest_at is None:
            self._restorable.pop(record.resource_id, None)
        else:
            self._restorable[record.resource_id] = (earliest_at, latest_at)

    def hand_over(self, record: InstanceRecord, server: Server) -> None:
        """Let a running server hand over its log now, not at the next interval."""
        if has_backups(record):
            hand_over(server)

    def note_failure(self, resource_id: str, reason: str) -> None:
        """Remember why there is no newer backup, until one is taken."""
        self.failures[resource_id] = f"backup: {reason}"

    def restorable(self, resource_id: str) -> tuple[datetime, datetime] | None:
        """Return the first and last moment that can be restored, by the cloud's clock."""
        found = self._restorable.get(resource_id)
        return (self._time.of(found[0]), self._time.of(found[1])) if found else None

    def remove(self, resource_id: str) -> None:
        """Remove everything an instance could be restored from, but its snapshots."""
        self._restorable.pop(resource_id, None)
        self.failures.pop(resource_id, None)
        shutil.rmtree(self._places.backups(resource_id), ignore_errors=True)


def has_backups(record: InstanceRecord) -> bool:
    """Tell whether an instance has automated backups."""
    return record.backup_retention_days > 0
