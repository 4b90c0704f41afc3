"""What the parts of the local cloud share: time, faults, jobs, and the pace of things that take time."""

from __future__ import annotations

from dataclasses import dataclass, field

from localcloud.aws.background import Background
from localcloud.aws.cloud_clock import CloudClock
from localcloud.aws.faults import FaultBoard
from localcloud.aws.rds.metadata_servers import MetadataOnlyServers
from localcloud.aws.rds.servers import DatabaseServers


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Handed to every repair when it is installed.

    Args:
        transition_s: how long a database stays `creating`, `modifying`, `rebooting` or `deleting`.
        tick_s: seconds between two rounds of the background jobs.
        servers: what runs behind RDS.
    """

    transition_s: float = 1.0
    tick_s: float = 0.5
    clock: CloudClock = field(default_factory=CloudClock)
    faults: FaultBoard = field(default_factory=FaultBoard)
    background: Background = field(default_factory=Background)
    servers: DatabaseServers = field(default_factory=MetadataOnlyServers)
