"""What is measured of the instances, as it is told: the answer of `GET /readings`."""

from __future__ import annotations

from localcloud.postgres.wire import Body


class Reading(Body):
    """What was measured of one instance; None for what could not be.

    Args:
        replica_lag_s: by the cloud's clock; -1 when its source is gone, None for what is no replica.
        slot_lag_bytes: of the replica that is furthest behind; None without replicas.
        transaction_ids: how many the oldest row that was not frozen is away.
    """

    resource_id: str
    cpu_percent: float | None = None
    connections: int | None = None
    free_memory_bytes: int | None = None
    free_storage_bytes: int | None = None
    replica_lag_s: float | None = None
    slot_lag_bytes: int | None = None
    log_bytes: int | None = None
    transaction_ids: int | None = None


class Readings(Body):
    """What was measured of all."""

    readings: tuple[Reading, ...]
