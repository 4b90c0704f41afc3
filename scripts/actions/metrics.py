"""Puts values of recovery where the alarms look: CloudWatch, region by region.

One region that does not take them does not keep another from it: the alarm of the one that got nothing goes
off by itself, because it takes silence for bad.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lifeboat.core.errors import LifeboatError
from lifeboat.core.metrics import DR_NAMESPACE, SECONDS, RecoveryMetric
from scripts.observe.aws import Clients, asking


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What one region was told; `problem` says why it was not."""

    region: str
    names: tuple[str, ...]
    problem: LifeboatError | None = None


def publish(
    clients: Clients,
    regions: Sequence[str],
    values: Sequence[tuple[RecoveryMetric, float]],
    *,
    dimension: tuple[str, str],
) -> tuple[Reported, ...]:
    """Put values.

    Args:
        clients: of AWS.
        regions: the recovery region first; the others get what goes into both.
        values: in seconds.
        dimension: name and value of the one dimension.

    Effects: CloudWatch PutMetricData; putting a value twice does no harm, alarms take the highest.
    """
    told = []
    for number, region in enumerate(regions):
        mine = [each for each in values if number == 0 or each[0].in_both_regions]
        if mine:
            told.append(_put(clients, region, mine, dimension))
    return tuple(told)


def _put(
    clients: Clients,
    region: str,
    values: Sequence[tuple[RecoveryMetric, float]],
    dimension: tuple[str, str],
) -> Reported:
    names = tuple(metric.name for metric, _ in values)
    carried = [{"Name": dimension[0], "Value": dimension[1]}]
    # No moment of ours: CloudWatch's own clock tells which datapoint a value belongs to.
    data = [
        {"MetricName": metric.name, "Dimensions": carried, "Value": value, "Unit": SECONDS}
        for metric, value in values
    ]
    try:
        with asking(f"metrics of {region}"):
            clients("cloudwatch", region).put_metric_data(Namespace=DR_NAMESPACE, MetricData=data)
    except LifeboatError as error:
        return Reported(region=region, names=names, problem=error)
    return Reported(region=region, names=names)
