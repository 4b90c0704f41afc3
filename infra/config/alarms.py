"""Section `alarms`: thresholds by metric, and where alarms of each severity go."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from infra.config.metric_kind import Unit
from infra.config.section import Email, Name, Section

Statistic = Annotated[str, Field(pattern=r"^(Average|Maximum|Minimum|Sum|SampleCount|p\d{1,2}(\.\d)?)$")]


class Threshold(Section):
    """When one metric warns and when it is critical; at least one of the two."""

    warning: float | None = None
    """Crossing it tells the people of `routing.warning`."""
    critical: float | None = None
    """Crossing it tells the people of `routing.critical`; worse than `warning`."""
    unit: Unit
    """Unit of both numbers: percent, count, ms, s, min, h, d, mib, gib, as far as the metric allows."""
    for_minutes: Annotated[int, Field(ge=1, le=1440)] = 5
    """How long it must stay crossed."""
    statistic: Statistic | None = None
    """CloudWatch statistic (`Average`, `p95`, ...); absent: the metric's usual one."""


class Direction(StrEnum):
    """On which side of a threshold it is bad."""

    ABOVE = "above"
    BELOW = "below"


class CustomThreshold(Threshold):
    """The threshold of a metric the product emits itself, into `Lifeboat/App`."""

    when: Direction = Direction.ABOVE
    """`above` or `below`."""


class DatabaseAlarms(Section):
    """Metrics of each RDS instance. What is absent has AWS's recommendation while `recommended` is true."""

    cpu: Threshold | None = None
    """Processor use, percent."""
    connections: Threshold | None = None
    """Open connections: count, or percent of `max_connections`."""
    free_memory: Threshold | None = None
    """Memory left: mib, gib, or percent of the class's memory. Low is bad."""
    free_storage: Threshold | None = None
    """Storage left: mib, gib, or percent of `storage_gib`. Low is bad."""
    ebs_byte_balance: Threshold | None = None
    """Throughput credits left, percent. Low is bad."""
    ebs_io_balance: Threshold | None = None
    """I/O credits left, percent. Low is bad."""
    read_latency: Threshold | None = None
    """Time of a disk read: ms or s."""
    write_latency: Threshold | None = None
    """Time of a disk write: ms or s."""
    transaction_ids: Threshold | None = None
    """Transaction ids used since the oldest vacuum, count; the server stops near 2,100,000,000."""
    load: Threshold | None = None
    """Active sessions: count, or percent of the processors."""
    cpu_credits: Threshold | None = None
    """Processor credits left, count; burstable classes only. Low is bad."""
    replica_lag: Threshold | None = None
    """How far the replica is behind; tier `replica` only."""
    swap: Threshold | None = None
    """Swap in use: mib or gib. Not recommended by default."""
    disk_queue_depth: Threshold | None = None
    """Requests waiting for the disk, count. Not recommended by default."""
    replication_slot_lag: Threshold | None = None
    """WAL held back by the slowest slot: mib or gib. Not recommended by default."""
    transaction_log_usage: Threshold | None = None
    """Disk taken by WAL: mib or gib. Not recommended by default."""


class AppAlarms(Section):
    """Metrics the probe emits about the app on Fly."""

    cpu: Threshold | None = None
    """Processor use of the busiest machine, percent."""
    memory: Threshold | None = None
    """Memory use of the fullest machine, percent."""
    memory_used: Threshold | None = None
    """The same as an amount: mib or gib."""
    response_time: Threshold | None = None
    """Time to answer, 95th percentile: ms or s."""
    error_rate: Threshold | None = None
    """Requests answered with 5xx, percent."""
    redis_memory: Threshold | None = None
    """Redis memory in use, percent."""
    healthy_machines: Threshold | None = None
    """Machines that pass their checks, count. Low is bad, and so is silence."""


class RecoveryAlarms(Section):
    """Metrics of backups and drills: silence counts as bad."""

    backup_age: Threshold | None = None
    """Age of the newest verified logical backup."""
    recoverable_age: Threshold | None = None
    """Age of the newest moment restorable in the recovery region from replicated automated backups."""
    restore_test_age: Threshold | None = None
    """Time since a backup was last restored and verified."""
    restore_duration: Threshold | None = None
    """How long that took; compare with the RTO."""


class Via(StrEnum):
    """How an alarm reaches people."""

    EMAIL = "email"
    HTTPS = "https"
    SLACK = "slack"


class Route(Section):
    """One way to one receiver. Addresses that carry a token are named by secret, never written here."""

    via: Via
    """`email`, `https` (PagerDuty and the like) or `slack`."""
    address: Email | None = None
    """For `email`."""
    url_secret: Name | None = None
    """For `https` and `slack`: name of the secret (in `secrets`) that holds the address."""


class Routing(Section):
    """Receivers by severity."""

    warning: tuple[Route, ...] = ()
    """Told of warnings."""
    critical: tuple[Route, ...] = ()
    """Told of critical alarms."""


class Alarms(Section):
    """Everything that is watched."""

    recommended: bool = True
    """Add AWS's recommended database alarms where `database` says nothing; a protected environment must."""
    app: AppAlarms = AppAlarms()
    """The app."""
    custom: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")], CustomThreshold] = Field(
        default_factory=dict
    )
    """The product's own metrics by name."""
    database: DatabaseAlarms = DatabaseAlarms()
    """The databases."""
    recovery: RecoveryAlarms = RecoveryAlarms()
    """Backups and drills."""
    routing: Routing
    """Who is told."""
