"""What nobody speaks for any more: ended, and moved aside with its data, which are never deleted here.

The other side is killed and forgets what it did last: a database it had created, a snapshot it had ordered.
When it is back it says what it knows, and the rest would run for ever.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from localcloud.aws.atomic_file import write_atomically
from localcloud.postgres.doors import Doors
from localcloud.postgres.jobs import Job, Jobs
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.leftovers import end_leftovers
from localcloud.postgres.places import Places
from localcloud.postgres.records import InstanceRecord, SnapshotRecord
from localcloud.postgres.replication import Replication
from localcloud.postgres.servers import Servers
from localcloud.postgres.wire import Known

_log = logging.getLogger(__name__)


class Strays:
    """Finds and ends them."""

    def __init__(
        self,
        places: Places,
        ledger: Ledger,
        jobs: Jobs,
        servers: Servers,
        doors: Doors,
        replication: Replication,
    ) -> None:
        self._places = places
        self._ledger = ledger
        self._jobs = jobs
        self._servers = servers
        self._doors = doors
        self._replication = replication

    def set_aside(self, known: Known) -> None:
        """Begin to move everything aside that is not known; told twice, it is done once."""
        for record in self._ledger.records.instances.values():
            if record.resource_id not in known.instances:
                _log.warning("database %s is nobody's: it is moved aside", record.identifier)
                self._submit(record.resource_id, record)
        for snapshot in self._ledger.records.snapshots.values():
            if snapshot.arn not in known.snapshots:
                _log.warning("snapshot %s is nobody's: it is moved aside", snapshot.arn)
                self._submit(snapshot.queue, snapshot)

    def remove_deleted(self) -> None:
        """Remove what is left of deletions that were cut short; before any server is started."""
        records = self._ledger.records
        for resource_id in records.gone:
            shutil.rmtree(self._places.instance(resource_id), ignore_errors=True)
        kept = {snapshot.directory for snapshot in records.snapshots.values()}
        for directory in self._places.snapshot("any").parent.glob("*"):
            if directory.name not in kept:
                shutil.rmtree(directory)

    def _submit(self, queue: str, stray: InstanceRecord | SnapshotRecord) -> None:
        def work() -> None:
            if isinstance(stray, InstanceRecord):
                self._end(stray)
            else:
                self._move(self._places.snapshot(stray.directory), stray)
                self._ledger.drop_snapshot(stray.arn)

        subject = stray.resource_id if isinstance(stray, InstanceRecord) else stray.arn
        job = Job(queue=queue, subject=subject, name="set aside", work=work, on_failure=lambda _: None)
        self._jobs.submit(job)

    def _end(self, record: InstanceRecord) -> None:
        if record.resource_id not in self._ledger.records.instances:
            return
        self._replication.release(record)
        for server in self._servers.both(record.resource_id):
            server.stop()
        end_leftovers(self._places.instance(record.resource_id))
        for place in (self._places.instance(record.resource_id), self._places.backups(record.resource_id)):
            self._move(place, record)
        self._doors.close(record)
        # Last: until here the next start finds it again.
        self._ledger.bury(record.resource_id)
        self._servers.forget(record.resource_id)

    def _move(self, place: Path, record: InstanceRecord | SnapshotRecord) -> None:
        """Move a directory, and write beside it what it was."""
        if place.exists():
            aside = self._places.aside / place.relative_to(self._places.root)
            aside.parent.mkdir(parents=True, exist_ok=True)
            place.rename(aside)
            write_atomically(
                aside.with_name(f"{aside.name}.json"), (record.model_dump_json(indent=1).encode(),)
            )
            _log.warning("what it held is in %s", aside)
