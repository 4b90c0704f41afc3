"""Snapshots by ARN: taken from an instance in its turn, copied to another region, removed."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from lifeboat.core.errors import Refused
from lifeboat.postgres.account import Account
from localcloud.postgres.backup import Backup
from localcloud.postgres.jobs import Job, Jobs
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.places import Places
from localcloud.postgres.records import Phase, SnapshotRecord
from localcloud.postgres.regions import RegionCuts, region_of
from localcloud.postgres.servers import Servers
from localcloud.postgres.snapshot import copy_snapshot, take_snapshot
from localcloud.postgres.wire import SnapshotOrder


class SnapshotStore:
    """The snapshots; they outlive the instances they were taken of."""

    def __init__(
        self, places: Places, ledger: Ledger, jobs: Jobs, servers: Servers, account: Account, cuts: RegionCuts
    ) -> None:
        self._places = places
        self._ledger = ledger
        self._jobs = jobs
        self._servers = servers
        self._account = account
        self._cuts = cuts

    def take(self, order: SnapshotOrder) -> None:
        """Begin to take a snapshot of an instance; told twice, it is taken once.

        Raises:
            Refused: there is no such instance.
        """
        major = self._servers.record(order.source).major
        server = self._servers.of(order.source)
        self._begin(order.arn, major, order.source, lambda directory: take_snapshot(server, directory))

    def copy(self, order: SnapshotOrder) -> None:
        """Begin to copy a snapshot, once it is made; the other region must stay within reach.

        Raises:
            Refused: there is no such snapshot.
        """
        source = self._ledger.records.snapshots.get(order.source)
        if source is None:
            raise Refused(f"snapshot {order.source} has no content")

        def copy(directory: Path) -> None:
            found = Backup.at(self._places.snapshot(source.directory))
            if found is None:
                raise Refused(f"snapshot {order.source} has no content")
            copy_snapshot(found, directory, self._account, before_each=lambda: self._check_reach(order))

        # In the source's queue: it may still be in the making.
        self._begin(order.arn, source.major, source.queue, copy)

    def delete(self, order: SnapshotOrder) -> None:
        """Remove a snapshot in its turn; told twice, it is done once."""
        known = self._ledger.records.snapshots.get(order.arn)
        if known is None:
            return
        self._ledger.drop_snapshot(order.arn)
        self._submit(known.queue, "delete snapshot", order.arn, lambda: self._remove(known))

    def forget_unfinished(self) -> None:
        """Mark what a killed run was making as failed, and remove it."""
        for snapshot in self._ledger.records.snapshots.values():
            if snapshot.phase is Phase.MAKING:
                self._fail(snapshot.arn, "the local cloud ended while it was made")

    def _begin(self, arn: str, major: int, queue: str, work: Callable[[Path], object]) -> None:
        if arn in self._ledger.records.snapshots:
            return
        record = SnapshotRecord(arn=arn, directory=secrets.token_hex(8), major=major, queue=queue)
        self._ledger.put_snapshot(record)

        def make() -> None:
            work(self._places.snapshot(record.directory))
            self._ledger.put_snapshot(record.model_copy(update={"phase": Phase.MADE}))

        self._submit(queue, "snapshot", arn, make)

    def _submit(self, queue: str, name: str, arn: str, work: Callable[[], None]) -> None:
        job = Job(
            queue=queue,
            subject=arn,
            name=name,
            work=work,
            on_failure=lambda error: self._fail(arn, str(error)),
        )
        self._jobs.submit(job)

    def _fail(self, arn: str, reason: str) -> None:
        known = self._ledger.records.snapshots.get(arn)
        if known is not None:
            self._ledger.put_snapshot(known.model_copy(update={"phase": Phase.FAILED, "reason": reason}))
            self._remove(known)

    def _check_reach(self, order: SnapshotOrder) -> None:
        for region in (region_of(order.source), region_of(order.arn)):
            if self._cuts.is_cut(region):
                raise Refused(f"region {region} cannot be reached", retryable=True)

    def _remove(self, snapshot: SnapshotRecord) -> None:
        shutil.rmtree(self._places.snapshot(snapshot.directory), ignore_errors=True)
