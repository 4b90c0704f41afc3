"""From where on the alarms of an environment take a value of recovery for bad; only reads."""

from __future__ import annotations

from collections.abc import Sequence

from lifeboat.core.metrics import DR_NAMESPACE
from scripts.observe.aws import Clients, asking

_AT_ONCE = 100


def observe_thresholds(
    clients: Clients, region: str, names: Sequence[str], dimension: tuple[str, str]
) -> dict[str, tuple[float, str]]:
    """Return the lowest threshold in seconds and its alarm's name, by the name of the series.

    Args:
        clients: of AWS.
        region: where the alarms are.
        names: of the environment's alarms there, whatever they watch.
        dimension: name and value that the series carry.

    Raises:
        NoAnswer: the region does not answer.
        SaidNo: it does not let us look.

    Effects: CloudWatch DescribeAlarms.
    """
    found: dict[str, tuple[float, str]] = {}
    with asking(f"alarms of {region}"):
        client = clients("cloudwatch", region)
        for first in range(0, len(names), _AT_ONCE):
            asked = list(names[first : first + _AT_ONCE])
            answer = client.describe_alarms(AlarmNames=asked, AlarmTypes=["MetricAlarm"], MaxRecords=_AT_ONCE)
            for alarm in answer.get("MetricAlarms", ()):
                carried = [(each["Name"], each["Value"]) for each in alarm.get("Dimensions", ())]
                if alarm.get("Namespace") == DR_NAMESPACE and carried == [dimension]:
                    mine = (float(alarm["Threshold"]), str(alarm["AlarmName"]))
                    name = str(alarm["MetricName"])
                    found[name] = min(mine, found.get(name, mine))
    return found
