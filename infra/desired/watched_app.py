"""Which series of the app, of backups and of drills are watched, and that somebody emits each of them.

They are emitted into the recovery region: it is the one that still answers when the other is lost. The age of
the backups goes into both, so that the loss of the recovery region is noticed too.
"""

from __future__ import annotations

from collections.abc import Iterator

from infra.config import EnvironmentConfig
from infra.config.alarms import Direction, Threshold
from infra.config.metrics import APP_METRICS, RECOVERY_METRICS, custom_metric
from infra.desired.model import DesiredMetric, Dimension
from infra.desired.thresholds import Watched
from lifeboat.core.metrics import RECOVERY_SERIES, environment_dimension

_IN_BOTH_REGIONS = frozenset(series.key for series in RECOVERY_SERIES if series.in_both_regions)


def watched_app(config: EnvironmentConfig) -> Iterator[Watched]:
    """Yield every watched series of the app, the product's own ones last."""
    region, alarms = config.topology.recovery_region, config.alarms
    for kind in APP_METRICS:
        threshold: Threshold | None = getattr(alarms.app, kind.key)
        if threshold is not None:
            yield Watched(
                kind=kind,
                threshold=threshold,
                region=region,
                dimensions=_dimensions(config),
                subject="app",
                logical_prefix="app",
                capacities={},
            )
    for key, custom in alarms.custom.items():
        below, statistic = custom.when is Direction.BELOW, custom.statistic or "Average"
        yield Watched(
            kind=custom_metric(key, custom.unit, below=below, statistic=statistic),
            threshold=custom,
            region=region,
            dimensions=_dimensions(config),
            subject="app",
            logical_prefix="app",
            capacities={},
        )


def watched_recovery(config: EnvironmentConfig) -> Iterator[Watched]:
    """Yield every watched series of backups and drills."""
    topology = config.topology
    for kind in RECOVERY_METRICS:
        threshold: Threshold | None = getattr(config.alarms.recovery, kind.key)
        if threshold is not None:
            in_both = kind.key in _IN_BOTH_REGIONS
            for region in topology.regions if in_both else (topology.recovery_region,):
                yield Watched(
                    kind=kind,
                    threshold=threshold,
                    region=region,
                    dimensions=_dimensions(config),
                    subject="recovery",
                    logical_prefix=f"recovery-{region}",
                    capacities={},
                )


def build_metrics(config: EnvironmentConfig) -> tuple[DesiredMetric, ...]:
    """Return the series that our own emitters have to put, one per watched series."""
    return tuple(
        DesiredMetric(
            namespace=watched.kind.namespace,
            metric_name=watched.kind.metric_name,
            dimensions=watched.dimensions,
            region=watched.region,
            unit=watched.kind.cloudwatch_unit or "None",
            emitter=watched.kind.emitter,
            interval_s=watched.kind.period_s,
        )
        for watched in (*watched_app(config), *watched_recovery(config))
    )


def _dimensions(config: EnvironmentConfig) -> tuple[Dimension, ...]:
    return (environment_dimension(config.product, config.environment),)
