"""Automated backups in another region: filled from the instance's archive while both regions can be reached.

What can be restored there is what has arrived there. It outlives the instance and the replication, until it
is deleted.
"""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from threading import Lock

from lifeboat.core.errors import Refused
from lifeboat.postgres.account import Account
from localcloud.postgres.archive import Archive
from localcloud.postgres.backup_replication import replicate_backups
from localcloud.postgres.backups import Backups
from localcloud.postgres.base_backup import remove_old
from localcloud.postgres.cloud_time import CloudTime
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.records import AwayRecord, Records
from localcloud.postgres.regions import RegionCuts
from localcloud.postgres.window import earliest_restorable_at, latest_restorable_at
from localcloud.postgres.wire import AwayOrder, away_name

Span = tuple[datetime, datetime]


class AwayBackups:
    """The replicated backups; what `settle` does belongs into a job of its own queue."""

    def __init__(
        self, ledger: Ledger, backups: Backups, account: Account, cuts: RegionCuts, time: CloudTime
    ) -> None:
        self._ledger = ledger
        self._backups = backups
        self._account = account
        self._cuts = cuts
        self._time = time
        self._lock = Lock()
        self._seen: dict[str, frozenset[str]] = {}
        self._spans: dict[str, Span | None] = {}

    def replicate(self, order: AwayOrder) -> None:
        """Begin to replicate; told twice, it is begun once."""
        record = AwayRecord(
            resource_id=order.resource_id,
            source_region=order.source_region,
            region=order.region,
            retention_days=order.retention_days,
        )
        self._put(record)

    def stop(self, order: AwayOrder) -> None:
        """Replicate no more, and keep what has arrived."""
        record = self._ledger.records.away.get(away_name(order.resource_id, order.region))
        if record is not None:
            self._put(record.model_copy(update={"is_stopped": True}))

    def delete(self, order: AwayOrder) -> None:
        """Remove what has arrived in a region; at home, what an instance that is gone has left."""
        if order.region == order.source_region:
            if order.resource_id not in self._ledger.records.instances:
                self._backups.remove(order.resource_id)
            return
        name = away_name(order.resource_id, order.region)
        with self._lock:
            self._drop(name)
            shutil.rmtree(self._backups.archive(name).directory, ignore_errors=True)

    def unsettled(self) -> tuple[str, ...]:
        """Return the names of those that lack something that is there, or were not looked at yet."""
        known = self._ledger.records.away
        return tuple(name for name, record in known.items() if self._is_unsettled(name, record))

    def settle(self, name: str) -> None:
        """Copy what has not arrived yet, and find out how far one can go back.

        Raises:
            Refused: a region was cut off meanwhile; what has arrived stays.
            OSError: the disk is full, or the source was removed meanwhile.
        """
        with self._lock:
            record = self._ledger.records.away.get(name)
            if record is None:
                return
            target = self._backups.archive(name)
            try:
                self._fetch(record, target)
            finally:
                earliest_at, latest_at = earliest_restorable_at(target), latest_restorable_at(target)
                self._spans[name] = (earliest_at, latest_at) if earliest_at and latest_at else None

    def spans(self) -> dict[str, Span | None]:
        """Return between which moments each can be restored, by the cloud's clock, as it was found last."""
        found = {name: self._spans.get(name) for name in self._ledger.records.away}
        return {
            name: (self._time.of(span[0]), self._time.of(span[1])) if span else None
            for name, span in found.items()
        }

    def _fetch(self, record: AwayRecord, target: Archive) -> None:
        source = self._backups.archive(record.resource_id)
        if not self._reaches(record) or not source.directory.exists():
            return
        seen = _content(source)
        replicate_backups(source, target, self._account, before_each=lambda: self._check_reach(record))
        kept = timedelta(days=record.retention_days)
        remove_old(target, before=self._time.machine(self._time.now() - kept))
        self._seen[record.name] = seen

    def _is_unsettled(self, name: str, record: AwayRecord) -> bool:
        if name not in self._spans:
            return True
        return self._reaches(record) and self._seen.get(name) != _content(
            self._backups.archive(record.resource_id)
        )

    def _reaches(self, record: AwayRecord) -> bool:
        is_cut = self._cuts.is_cut(record.region) or self._cuts.is_cut(record.source_region)
        return not (record.is_stopped or is_cut)

    def _check_reach(self, record: AwayRecord) -> None:
        if not self._reaches(record):
            raise Refused(f"backups cannot reach {record.region} any more", retryable=True)

    def _put(self, record: AwayRecord) -> None:
        def change(known: Records) -> Records:
            return known.model_copy(update={"away": {**known.away, record.name: record}})

        self._ledger.change(change)

    def _drop(self, name: str) -> None:
        def change(known: Records) -> Records:
            rest = {each: record for each, record in known.away.items() if each != name}
            return known.model_copy(update={"away": rest})

        self._ledger.change(change)
        self._seen.pop(name, None)
        self._spans.pop(name, None)


def _content(archive: Archive) -> frozenset[str]:
    """Return the names of all that can be copied from an archive."""
    backups = archive.backups_directory.glob("*/backup.json") if archive.directory.exists() else ()
    return frozenset(archive.sizes()) | {file.parent.name for file in backups}
