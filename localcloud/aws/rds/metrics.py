"""What CloudWatch is told of a database every minute, as far as it can be measured here.

Names, units and dimension: RDS user guide, "Amazon CloudWatch metrics for Amazon RDS". Processor and memory
are this machine's, which stands for every instance's. What has no honest value here (latencies, I/O and CPU
credits) is not told at all.
"""

from __future__ import annotations

from dataclasses import dataclass

NAMESPACE = "AWS/RDS"
PERIOD_S = 60
DIMENSION = "DBInstanceIdentifier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured of one database; None for what could not be.

    Args:
        cpu_percent: of this machine's processors.
        replica_lag_s: -1 when its source is gone; None for what is no replica.
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


def metric_data(identifier: str, measured: Measured) -> list[dict[str, object]]:
    """Return what PutMetricData takes for one database; nothing for what could not be measured."""
    values: dict[str, tuple[float | None, str]] = {
        "CPUUtilization": (measured.cpu_percent, "Percent"),
        "DatabaseConnections": (measured.connections, "Count"),
        "FreeableMemory": (measured.free_memory_bytes, "Bytes"),
        "FreeStorageSpace": (measured.free_storage_bytes, "Bytes"),
        "ReplicaLag": (measured.replica_lag_s, "Seconds"),
        "OldestReplicationSlotLag": (measured.slot_lag_bytes, "Bytes"),
        "TransactionLogsDiskUsage": (measured.log_bytes, "Bytes"),
        "MaximumUsedTransactionIDs": (measured.transaction_ids, "Count"),
    }
    return [
        {
            "MetricName": name,
            "Value": float(value),
            "Unit": unit,
            "Dimensions": [{"Name": DIMENSION, "Value": identifier}],
        }
        for name, (value, unit) in values.items()
        if value is not None
    ]
