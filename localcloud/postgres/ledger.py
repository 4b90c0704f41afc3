"""The records in use: read by everybody at any time, changed one change at a time, saved with each."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from localcloud.postgres.records import InstanceRecord, RecordFile, Records, SnapshotRecord


class Ledger:
    """What is known, in memory and in the file alike; safe to use from many threads."""

    def __init__(self, file: RecordFile) -> None:
        """Read the file.

        Raises:
            Refused: it is damaged or of another version.
        """
        self._file = file
        self._lock = Lock()
        self._records = file.read()

    @property
    def records(self) -> Records:
        """Everything as it is now; the value itself never changes."""
        return self._records

    def change(self, change: Callable[[Records], Records]) -> None:
        """Replace the records by what `change` makes of them.

        Raises:
            OSError: they could not be written; nothing was changed.
        """
        with self._lock:
            changed = change(self._records)
            self._file.write(changed)
            self._records = changed

    def put(self, instance: InstanceRecord) -> None:
        """Add or replace an instance."""
        self.change(
            lambda known: known.model_copy(
                update={"instances": {**known.instances, instance.resource_id: instance}}
            )
        )

    def update(self, resource_id: str, **changes: object) -> None:
        """Change fields of an instance; one that is gone stays gone."""

        def change(known: Records) -> Records:
            instance = known.instances.get(resource_id)
            if instance is None:
                return known
            changed = instance.model_copy(update=changes)
            return known.model_copy(update={"instances": {**known.instances, resource_id: changed}})

        self.change(change)

    def bury(self, resource_id: str) -> None:
        """Forget an instance, and remember that it is gone."""

        def change(known: Records) -> Records:
            rest = {name: one for name, one in known.instances.items() if name != resource_id}
            return known.model_copy(update={"instances": rest, "gone": (*known.gone, resource_id)})

        self.change(change)

    def put_snapshot(self, snapshot: SnapshotRecord) -> None:
        """Add or replace a snapshot."""
        self.change(
            lambda known: known.model_copy(update={"snapshots": {**known.snapshots, snapshot.arn: snapshot}})
        )

    def drop_snapshot(self, arn: str) -> None:
        """Forget a snapshot."""
        self.change(
            lambda known: known.model_copy(
                update={"snapshots": {name: one for name, one in known.snapshots.items() if name != arn}}
            )
        )
