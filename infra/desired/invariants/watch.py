"""Every alarm watches what exists and is emitted, all that is emitted is watched, no alarm tells nobody."""

from __future__ import annotations

from collections.abc import Iterator

from infra.config.problem import Problem
from infra.desired.model import (
    DesiredAlarm,
    DesiredCompositeAlarm,
    DesiredEnvironment,
    DesiredMetric,
    Severity,
)

_OWN_NAMESPACES = "Lifeboat/"
_Series = tuple[str, str, str, tuple[tuple[str, str], ...]]


def watch_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    """Yield alarms that cannot fire, series that nobody watches, and alarms that nobody hears."""
    yield from _emitter_problems(desired)
    yield from _subject_problems(desired)
    yield from _topic_problems(desired)
    yield from _composite_problems(desired)
    yield from _route_problems(desired)


def _series(watched: DesiredAlarm | DesiredMetric) -> _Series:
    return (watched.region, watched.namespace, watched.metric_name, tuple(sorted(watched.dimensions)))


def _emitter_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    own = [alarm for alarm in desired.alarms if alarm.namespace.startswith(_OWN_NAMESPACES)]
    emitted = {_series(metric): metric for metric in desired.metrics}
    watched = {_series(alarm) for alarm in own}
    for alarm in own:
        metric = emitted.get(_series(alarm))
        if metric is None:
            yield Problem(path=(alarm.name,), message=f"nobody emits {alarm.namespace} {alarm.metric_name}")
        elif alarm.unit is not None and metric.unit != alarm.unit:
            yield Problem(path=(alarm.name,), message=f"waits for {alarm.unit}, {metric.unit} is emitted")
    for series in emitted:
        if series not in watched:
            region, namespace, metric_name, _ = series
            message = f"{namespace} {metric_name} is emitted into {region} and nobody watches it"
            yield Problem(path=("metrics",), message=message)


def _subject_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    """Yield alarms on instances, buckets and topics that the model does not have in the alarm's region."""
    known = {("DBInstanceIdentifier", each.region, each.physical_name) for each in desired.databases}
    known |= {("SourceBucket", each.region, each.physical_name) for each in desired.buckets}
    known |= {("TopicName", each.region, each.physical_name) for each in desired.topics}
    kinds = {kind for kind, _, _ in known}
    for alarm in desired.alarms:
        for kind, value in alarm.dimensions:
            if kind in kinds and (kind, alarm.region, value) not in known:
                yield Problem(path=(alarm.name,), message=f"watches {value}, which is not in {alarm.region}")


def _topic_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    topics = {topic.name: topic for topic in desired.topics}
    spoken_for = {
        (composite.region, child) for composite in desired.composites for child in composite.children
    }
    alarms: list[DesiredAlarm | DesiredCompositeAlarm] = [*desired.alarms, *desired.composites]
    for alarm in alarms:
        topic = None if alarm.topic is None else topics.get(alarm.topic.name)
        if alarm.topic is None and (alarm.region, alarm.physical_name) not in spoken_for:
            yield Problem(path=(alarm.name,), message="tells nobody")
        if topic is not None and (topic.region, topic.severity) != (alarm.region, alarm.severity):
            yield Problem(path=(alarm.name,), message=f"tells {topic.name}, of another region or severity")


def _composite_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    alarms = {(alarm.region, alarm.physical_name) for alarm in desired.alarms}
    for composite in desired.composites:
        for child in _missing_children(composite, alarms):
            yield Problem(path=(composite.name,), message=f"speaks for {child}, which is not in its region")


def _missing_children(composite: DesiredCompositeAlarm, alarms: set[tuple[str, str]]) -> Iterator[str]:
    return (child for child in composite.children if (composite.region, child) not in alarms)


def _route_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    routed = {route.topic.name for route in desired.routes}
    for topic in desired.topics:
        if desired.protected and topic.severity is Severity.CRITICAL and topic.name not in routed:
            yield Problem(path=(topic.name,), message="reaches nobody in a protected environment")
