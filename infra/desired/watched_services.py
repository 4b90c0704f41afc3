"""What is watched without anybody asking: copies that did not arrive, notifications that reached nobody."""

from __future__ import annotations

from collections.abc import Iterator

from infra.config import EnvironmentConfig
from infra.config.alarms import Threshold
from infra.config.metric_kind import Unit
from infra.config.metrics import FAILED_NOTIFICATIONS, FAILED_REPLICATION
from infra.desired.buckets import build_replication
from infra.desired.model import Severity
from infra.desired.names import Names
from infra.desired.thresholds import Watched

_ANY_CRITICAL = Threshold(critical=0, unit=Unit.COUNT, for_minutes=5)
_ANY_WARNING = Threshold(warning=0, unit=Unit.COUNT, for_minutes=5)


def watched_replication(config: EnvironmentConfig) -> Iterator[Watched]:
    """Yield the failed copies of each backup bucket, in the region they come from."""
    if not config.backups.replication:
        return
    names, suffix = Names.of(config), config.backups.bucket_suffix
    home, other = config.topology.regions
    for source, target in ((home, other), (other, home)):
        rule_id = build_replication(target).rule_id
        yield Watched(
            kind=FAILED_REPLICATION,
            threshold=_ANY_CRITICAL,
            region=source,
            dimensions=(
                ("SourceBucket", names.backup_bucket(source, suffix)),
                ("DestinationBucket", names.backup_bucket(target, suffix)),
                ("RuleId", rule_id),
            ),
            subject="backups",
            logical_prefix=f"backups-{source}",
            capacities={},
        )


def watched_notifications(config: EnvironmentConfig) -> Iterator[Watched]:
    """Yield the failed notifications of each topic; a topic's failure is told to the region's other one."""
    names = Names.of(config)
    for region in config.topology.regions:
        for severity, threshold in ((Severity.CRITICAL, _ANY_WARNING), (Severity.WARNING, _ANY_CRITICAL)):
            yield Watched(
                kind=FAILED_NOTIFICATIONS,
                threshold=threshold,
                region=region,
                dimensions=(("TopicName", names.regional(region, severity)),),
                subject=f"topic-{severity}",
                logical_prefix=f"topic-{severity}-{region}",
                capacities={},
            )
