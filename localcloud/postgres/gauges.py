"""What RDS would measure of every instance: read from processes, files and servers when somebody asks.

What cannot be read, because a server is down or does not answer, is left out: never a guess.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import psutil
import psycopg

from lifeboat.core.clock import Clock
from lifeboat.core.errors import Refused
from localcloud.postgres.cloud_time import CloudTime
from localcloud.postgres.doors import Doors
from localcloud.postgres.lag import measure_lag
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.readings import Reading, Readings
from localcloud.postgres.records import InstanceRecord, Phase
from localcloud.postgres.server import Server
from localcloud.postgres.servers import Servers
from localcloud.postgres.standby import SLOT
from localcloud.postgres.storage import Storage

_AT_ONCE = 8
_TIMEOUT_S = 3.0
# A hidden standby has a slot too, which RDS's has not.
_NUMBERS = """
select (select coalesce(sum(size), 0)::bigint from pg_ls_waldir()),
       (select max(pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn()
                                        else pg_current_wal_lsn() end, restart_lsn))::bigint
        from pg_replication_slots where slot_name <> %s and not temporary),
       (select max(age(datfrozenxid))::bigint from pg_database)
"""


class Gauges:
    """Measures all instances; safe to use from many threads."""

    def __init__(
        self, ledger: Ledger, servers: Servers, storage: Storage, doors: Doors, time: CloudTime
    ) -> None:
        self._ledger = ledger
        self._servers = servers
        self._storage = storage
        self._doors = doors
        self._time = time
        self._lock = Lock()
        self._usage = Usage(time.clock)

    def read(self) -> Readings:
        """Measure every instance that is meant to run, all at once: one that hangs holds up no other."""
        meant = [
            record
            for record in self._ledger.records.instances.values()
            if record.phase is Phase.MADE and not record.is_stopped
        ]
        with self._lock, ThreadPoolExecutor(_AT_ONCE) as threads:
            found = tuple(threads.map(self._read_if_there, meant))
        return Readings(readings=tuple(reading for reading in found if reading is not None))

    def _read_if_there(self, record: InstanceRecord) -> Reading | None:
        try:
            return self._read(record)
        except Refused:
            # Deleted meanwhile.
            return None

    def _read(self, record: InstanceRecord) -> Reading:
        server = self._servers.of(record.resource_id)
        # Measures it, when that was not done lately.
        self._storage.is_full(record)
        reading = Reading(
            resource_id=record.resource_id,
            free_memory_bytes=psutil.virtual_memory().available,
            free_storage_bytes=self._storage.free_bytes(record),
            connections=self._doors.connections(record),
            cpu_percent=self._usage.percent(server),
        )
        try:
            ((log_bytes, slot_bytes, age),) = server.query(_NUMBERS, SLOT, timeout_s=_TIMEOUT_S)
            lag_s = self._lag_s(record, server)
        except psycopg.Error:
            return reading
        numbers = {"log_bytes": log_bytes, "slot_lag_bytes": slot_bytes, "transaction_ids": age}
        return reading.model_copy(update={**numbers, "replica_lag_s": lag_s})

    def _lag_s(self, record: InstanceRecord, server: Server) -> float | None:
        """Return how far a replica is behind, by the cloud's clock; None for what is none."""
        primary = self._ledger.records.instances.get(record.source_resource_id or "")
        if record.source_resource_id is None:
            return None
        if primary is None:
            return -1.0
        lag = measure_lag(server, self._servers.of(primary.resource_id))
        behind = self._time.now() - self._time.of(lag.replayed_at)
        return max(0.0, behind.total_seconds()) if lag.lag_s else 0.0


class Usage:
    """How much of this machine's processors servers use; safe for one thread per server.

    Args:
        clock: this machine's.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._before: dict[int, tuple[float, float]] = {}

    def percent(self, server: Server) -> float | None:
        """Return the use since the last call, or since the server's start; None while it does not run."""
        try:
            postmaster = psutil.Process(server.pid) if server.pid is not None else None
            if postmaster is None:
                return None
            used_s = _used_s(postmaster)
            born_s = self._clock.now().timestamp() - postmaster.create_time()
        except psutil.Error:
            return None
        now_s = self._clock.monotonic_s()
        before_s, then_s = self._before.get(postmaster.pid, (0.0, now_s - born_s))
        self._before[postmaster.pid] = (used_s, now_s)
        passed_s = max(now_s - then_s, 0.001) * (psutil.cpu_count() or 1)
        return min(100.0, max(0.0, 100.0 * (used_s - before_s) / passed_s))


def _used_s(postmaster: psutil.Process) -> float:
    """Return the processor time of a server: its own, that of children which ended, and of those alive."""
    own = postmaster.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in postmaster.children():
        try:
            times = child.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
    return float(total)
