"""AWS's recommended alarms for RDS, used where an environment says nothing and `alarms.recommended` is true.

Source: CloudWatch user guide, "Recommended alarms", RDS; thresholds and lengths as in its table, the credits
of the burstable classes as in the RDS user guide.
"""

from __future__ import annotations

from infra.config.alarms import Threshold
from infra.config.metric_kind import Unit

_PERCENT, _COUNT, _MS = Unit.PERCENT, Unit.COUNT, Unit.MS

RECOMMENDED = {
    "cpu": Threshold(critical=90, unit=_PERCENT, for_minutes=5),
    "connections": Threshold(critical=90, unit=_PERCENT, for_minutes=5),
    "free_memory": Threshold(warning=25, unit=_PERCENT, for_minutes=15),
    "free_storage": Threshold(critical=10, unit=_PERCENT, for_minutes=5),
    "ebs_byte_balance": Threshold(warning=10, unit=_PERCENT, for_minutes=3),
    "ebs_io_balance": Threshold(warning=10, unit=_PERCENT, for_minutes=3),
    "read_latency": Threshold(warning=20, unit=_MS, for_minutes=5),
    "write_latency": Threshold(warning=20, unit=_MS, for_minutes=5),
    "transaction_ids": Threshold(critical=1_000_000_000, unit=_COUNT, for_minutes=1),
    "load": Threshold(warning=100, unit=_PERCENT, for_minutes=15),
}
"""For every instance."""

RECOMMENDED_BURSTABLE = {"cpu_credits": Threshold(warning=20, unit=_COUNT, for_minutes=5)}
"""For instances of the t classes."""

RECOMMENDED_REPLICA = {"replica_lag": Threshold(critical=60, unit=Unit.SECONDS, for_minutes=10)}
"""For replicas."""
