"""How everything is now, in one answer: records, jobs, servers and endpoints looked at together."""

from __future__ import annotations

from localcloud.postgres.doors import Doors
from localcloud.postgres.fleet import Fleet
from localcloud.postgres.jobs import Jobs
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.records import InstanceRecord, Phase
from localcloud.postgres.wire import InstanceStatus, Overview


class View:
    """Answers what the other side asks; in memory, so that it may be asked often."""

    def __init__(self, ledger: Ledger, jobs: Jobs, fleet: Fleet, doors: Doors) -> None:
        self._ledger = ledger
        self._jobs = jobs
        self._fleet = fleet
        self._doors = doors

    def overview(self) -> Overview:
        """Return how everything is."""
        # First: a job that ends meanwhile has then already left its mark in the records.
        busy = self._jobs.busy()
        known = self._ledger.records
        failed = {
            arn: snapshot.reason
            for arn, snapshot in known.snapshots.items()
            if snapshot.phase is Phase.FAILED
        }
        return Overview(
            instances=tuple(
                self._status(record, is_busy=name in busy) for name, record in known.instances.items()
            ),
            busy=busy,
            failed=failed,
            gone=frozenset(known.gone),
            cut_regions=frozenset(),
        )

    def _status(self, record: InstanceRecord, *, is_busy: bool) -> InstanceStatus:
        state, reason = self._state(record, is_busy=is_busy)
        return InstanceStatus(
            resource_id=record.resource_id,
            region=record.region,
            identifier=record.identifier,
            state=state,
            reason=reason,
            port=self._doors.port(record),
            latest_restorable_at=None,
            wants_facts=record.phase is Phase.MAKING and not is_busy,
        )

    def _state(self, record: InstanceRecord, *, is_busy: bool) -> tuple[str, str]:
        if record.phase is Phase.FAILED:
            return "failed", record.reason
        if record.phase is Phase.MAKING:
            return "creating", ""
        if record.is_stopped or is_busy or self._fleet.is_running(record.resource_id):
            return "", ""
        return "rebooting", "its server is down"
