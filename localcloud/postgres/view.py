"""How everything is now, in one answer: records, jobs, servers and endpoints looked at together."""

from __future__ import annotations

import secrets
from collections import Counter

from localcloud.postgres.doors import Doors
from localcloud.postgres.jobs import Jobs
from localcloud.postgres.keepers import Keepers
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.records import InstanceRecord, Phase
from localcloud.postgres.regions import RegionCuts
from localcloud.postgres.servers import Servers
from localcloud.postgres.wire import InstanceStatus, Overview

_SNAPSHOT_STATES = {Phase.MAKING: "creating", Phase.MADE: "", Phase.FAILED: "failed"}


class View:
    """Answers what the other side asks; in memory, so that it may be asked often."""

    def __init__(
        self, ledger: Ledger, jobs: Jobs, servers: Servers, doors: Doors, keepers: Keepers, cuts: RegionCuts
    ) -> None:
        self._ledger = ledger
        self._jobs = jobs
        self._servers = servers
        self._doors = doors
        self._backups = keepers.backups
        self._away = keepers.away
        self._replication = keepers.replication
        self._cuts = cuts
        self._run = secrets.token_hex(8)

    def overview(self) -> Overview:
        """Return how everything is."""
        # First: a job that ends meanwhile has then already left its mark in the records.
        busy = self._jobs.busy()
        known = self._ledger.records
        return Overview(
            instances=tuple(
                self._status(record, is_busy=not busy.isdisjoint({name, f"{name}/link"}))
                for name, record in known.instances.items()
            ),
            busy=busy,
            snapshots={arn: _SNAPSHOT_STATES[one.phase] for arn, one in known.snapshots.items()},
            away=self._away.spans(),
            gone=frozenset(known.gone),
            cut_regions=self._cuts.told,
            run=self._run,
        )

    def states(self) -> dict[str, int]:
        """Return how many instances are in which state, those that somebody stopped told apart."""
        known = self._ledger.records.instances
        stopped = {name for name, record in known.items() if record.is_stopped}
        states = (
            one.state or ("stopped" if one.resource_id in stopped else "available")
            for one in self.overview().instances
        )
        return dict(Counter(states))

    def trouble(self) -> dict[str, str]:
        """Return what nobody asked for, by resource id or snapshot ARN, with the reason."""
        known = self._ledger.records
        instances = {one.resource_id: one.reason for one in self.overview().instances if one.reason}
        snapshots = {arn: one.reason for arn, one in known.snapshots.items() if one.reason}
        return self._backups.failures | instances | snapshots

    def _status(self, record: InstanceRecord, *, is_busy: bool) -> InstanceStatus:
        state, reason = self._state(record, is_busy=is_busy)
        return InstanceStatus(
            resource_id=record.resource_id,
            region=record.region,
            identifier=record.identifier,
            state=state,
            reason=reason,
            port=self._doors.port(record),
            restorable=self._backups.restorable(record.resource_id),
            replication=self._replication.state(record),
            failovers=record.failovers,
            source_resource_id=record.source_resource_id,
            wants_facts=record.phase is Phase.MAKING and not is_busy,
            parameters=record.parameters,
            pending_restart=record.pending_restart,
        )

    def _state(self, record: InstanceRecord, *, is_busy: bool) -> tuple[str, str]:
        if record.phase is not Phase.MADE:
            return ("creating", "") if record.phase is Phase.MAKING else ("failed", record.reason)
        if record.trouble:
            return record.trouble, record.reason
        if record.is_stopped:
            return "", ""
        if record.is_full:
            return "storage-full", f"nothing is left of its {record.storage_gib} GiB"
        if not self._servers.is_running(record.resource_id):
            return ("starting", "") if is_busy else ("rebooting", "its server is down")
        return ("" if self._doors.leads(record.resource_id) else "starting"), record.reason
