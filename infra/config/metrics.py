"""Every metric an alarm may watch: its name in the environment file, its name in CloudWatch, who emits it.

The one table that alarms and emitters share, so that neither can name a series the other does not know.
Thresholds are written in a unit people use; the factors turn them into the unit of the series. Sources of the
AWS entries: CloudWatch user guide, "Recommended alarms"; RDS user guide, "CloudWatch metrics for Amazon RDS".
"""

from __future__ import annotations

from infra.config.metric_kind import Capacity, Emitter, MetricKind, MissingData, Unit
from lifeboat.core.metrics import (
    APP_NAMESPACE,
    BACKUP_AGE,
    DR_NAMESPACE,
    RECOVERABLE_AGE,
    RESTORE_DURATION,
    RESTORE_TEST_AGE,
    SECONDS,
    RecoveryMetric,
)

AWS_RDS = "AWS/RDS"
_MIB, _GIB = 1024.0**2, 1024.0**3
_PERCENT = ((Unit.PERCENT, 1.0),)
_COUNT = ((Unit.COUNT, 1.0),)
_COUNT_OR_PERCENT = ((Unit.COUNT, 1.0), (Unit.PERCENT, 0.01))
_BYTES = ((Unit.MIB, _MIB), (Unit.GIB, _GIB))
_BYTES_OR_PERCENT = (*_BYTES, (Unit.PERCENT, 0.01))
_LATENCY_S = ((Unit.MS, 0.001), (Unit.SECONDS, 1.0))
_MILLISECONDS = ((Unit.MS, 1.0), (Unit.SECONDS, 1000.0))
_SECONDS = (
    (Unit.SECONDS, 1.0),
    (Unit.MINUTES, 60.0),
    (Unit.HOURS, 3600.0),
    (Unit.DAYS, 86400.0),
)


def _rds(
    key: str, metric_name: str, units: tuple[tuple[Unit, float], ...], *, below: bool = False
) -> MetricKind:
    return MetricKind(key=key, namespace=AWS_RDS, metric_name=metric_name, units=units, below=below)


def _rds_amount(
    key: str, metric_name: str, percent_of: Capacity, *, below: bool, statistic: str = "Average"
) -> MetricKind:
    return MetricKind(
        key=key,
        namespace=AWS_RDS,
        metric_name=metric_name,
        units=_BYTES_OR_PERCENT if percent_of in (Capacity.MEMORY, Capacity.STORAGE) else _COUNT_OR_PERCENT,
        percent_of=percent_of,
        below=below,
        statistic=statistic,
        missing_data=MissingData.MISSING if percent_of is Capacity.VCPUS else MissingData.BREACHING,
    )


def _rds_latency(key: str, metric_name: str) -> MetricKind:
    return MetricKind(key=key, namespace=AWS_RDS, metric_name=metric_name, units=_LATENCY_S, statistic="p90")


def _app(
    key: str, metric_name: str, units: tuple[tuple[Unit, float], ...], unit: str, statistic: str = "Average"
) -> MetricKind:
    return MetricKind(
        key=key,
        namespace=APP_NAMESPACE,
        metric_name=metric_name,
        units=units,
        statistic=statistic,
        cloudwatch_unit=unit,
        missing_data=MissingData.NOT_BREACHING,
        emitter=Emitter.APP_PROBE,
    )


def _age(metric: RecoveryMetric, emitter: Emitter, missing_data: MissingData) -> MetricKind:
    return MetricKind(
        key=metric.key,
        namespace=DR_NAMESPACE,
        metric_name=metric.name,
        units=_SECONDS,
        statistic="Maximum",
        cloudwatch_unit=SECONDS,
        missing_data=missing_data,
        period_s=metric.interval_s,
        emitter=emitter,
    )


DATABASE_METRICS = (
    MetricKind(
        key="cpu",
        namespace=AWS_RDS,
        metric_name="CPUUtilization",
        units=_PERCENT,
        missing_data=MissingData.BREACHING,
    ),
    _rds_amount("connections", "DatabaseConnections", Capacity.CONNECTIONS, below=False),
    _rds_amount("free_memory", "FreeableMemory", Capacity.MEMORY, below=True),
    _rds_amount("free_storage", "FreeStorageSpace", Capacity.STORAGE, below=True, statistic="Minimum"),
    _rds("ebs_byte_balance", "EBSByteBalance%", _PERCENT, below=True),
    _rds("ebs_io_balance", "EBSIOBalance%", _PERCENT, below=True),
    _rds_latency("read_latency", "ReadLatency"),
    _rds_latency("write_latency", "WriteLatency"),
    _rds("transaction_ids", "MaximumUsedTransactionIDs", _COUNT),
    _rds_amount("load", "DBLoad", Capacity.VCPUS, below=False),
    _rds("cpu_credits", "CPUCreditBalance", _COUNT, below=True),
    MetricKind(
        key="replica_lag",
        namespace=AWS_RDS,
        metric_name="ReplicaLag",
        units=_SECONDS,
        statistic="Maximum",
        missing_data=MissingData.BREACHING,
    ),
    _rds("swap", "SwapUsage", _BYTES),
    _rds("disk_queue_depth", "DiskQueueDepth", _COUNT),
    _rds("replication_slot_lag", "OldestReplicationSlotLag", _BYTES),
    _rds("transaction_log_usage", "TransactionLogsDiskUsage", _BYTES),
)
"""What RDS says about one instance; dimension `DBInstanceIdentifier`."""

APP_METRICS = (
    _app("cpu", "CpuUtilization", _PERCENT, "Percent"),
    _app("memory", "MemoryUtilization", _PERCENT, "Percent"),
    _app("memory_used", "MemoryUsed", _BYTES, "Bytes"),
    _app("response_time", "ResponseTime", _MILLISECONDS, "Milliseconds", "p95"),
    _app("error_rate", "ErrorRate", _PERCENT, "Percent"),
    _app("redis_memory", "RedisMemoryUtilization", _PERCENT, "Percent"),
    MetricKind(
        key="healthy_machines",
        namespace=APP_NAMESPACE,
        metric_name="HealthyMachines",
        below=True,
        units=_COUNT,
        statistic="Minimum",
        cloudwatch_unit="Count",
        missing_data=MissingData.BREACHING,
        emitter=Emitter.APP_PROBE,
    ),
)
"""What the probe says about the app on Fly; dimension `Environment`."""

RECOVERY_METRICS = (
    _age(BACKUP_AGE, Emitter.BACKUP_JOB, MissingData.BREACHING),
    _age(RECOVERABLE_AGE, Emitter.BACKUP_JOB, MissingData.BREACHING),
    _age(RESTORE_TEST_AGE, Emitter.RESTORE_DRILL, MissingData.BREACHING),
    _age(RESTORE_DURATION, Emitter.RESTORE_DRILL, MissingData.MISSING),
)
"""What jobs and drills say about the chance to come back; see `lifeboat.core.metrics`."""


FAILED_REPLICATION = MetricKind(
    key="failed_replication",
    namespace="AWS/S3",
    metric_name="OperationsFailedReplication",
    units=_COUNT,
    statistic="Maximum",
)
"""Objects that did not reach the other bucket; dimensions `SourceBucket`, `DestinationBucket`, `RuleId`."""

FAILED_NOTIFICATIONS = MetricKind(
    key="failed_notifications",
    namespace="AWS/SNS",
    metric_name="NumberOfNotificationsFailed",
    units=_COUNT,
    statistic="Sum",
    missing_data=MissingData.NOT_BREACHING,
)
"""Alarms that reached nobody; dimension `TopicName`."""


def custom_metric(key: str, unit: Unit, *, below: bool, statistic: str) -> MetricKind:
    """Return the metric of a product's own series: `verify_errors` is emitted as `VerifyErrors`."""
    units, cloudwatch_unit = {
        Unit.PERCENT: (_PERCENT, "Percent"),
        Unit.COUNT: (_COUNT, "Count"),
        Unit.MS: (_MILLISECONDS, "Milliseconds"),
        Unit.SECONDS: (_MILLISECONDS, "Milliseconds"),
        Unit.MIB: (_BYTES, "Bytes"),
        Unit.GIB: (_BYTES, "Bytes"),
    }.get(unit, (_SECONDS, "Seconds"))
    return MetricKind(
        key=key,
        namespace=APP_NAMESPACE,
        metric_name="".join(part.capitalize() for part in key.split("_")),
        below=below,
        units=units,
        statistic=statistic,
        cloudwatch_unit=cloudwatch_unit,
        missing_data=MissingData.NOT_BREACHING,
        emitter=Emitter.APP_PROBE,
    )
