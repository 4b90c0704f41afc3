"""Builds the notification topics, a severity's in each region, and the routes from them to people."""

from __future__ import annotations

from infra.config import EnvironmentConfig
from infra.config.alarms import Route
from infra.desired.keys import KeyPurpose, key_ref
from infra.desired.model import DesiredRoute, DesiredTopic, Protocol, Severity
from infra.desired.names import Names
from infra.desired.policy_document import PolicyDocument
from infra.desired.reference import SecretRef, TopicRef, arn
from infra.desired.statements import allow_service, deny_plain_text, of_this_account

_PUBLISHERS = (("Alarms", "cloudwatch.amazonaws.com"), ("DatabaseEvents", "events.rds.amazonaws.com"))


def topic_name(severity: Severity, region: str) -> str:
    """Return the logical name of a topic."""
    return f"topic-{severity}-{region}"


def build_topics(config: EnvironmentConfig) -> tuple[DesiredTopic, ...]:
    """Return the topics, in both regions: the loss of one must not silence the news of it."""
    names = Names.of(config)
    return tuple(
        DesiredTopic(
            name=topic_name(severity, region),
            physical_name=names.regional(region, severity),
            region=region,
            severity=severity,
            key=key_ref(KeyPurpose.OPERATIONS, region),
            policy_name=f"{topic_name(severity, region)}-policy",
            policy=_policy(region, names.regional(region, severity)),
        )
        for region in config.topology.regions
        for severity in Severity
    )


def build_routes(config: EnvironmentConfig) -> tuple[DesiredRoute, ...]:
    """Return each configured route once per region."""
    routing = config.alarms.routing
    by_severity = ((Severity.WARNING, routing.warning), (Severity.CRITICAL, routing.critical))
    return tuple(
        DesiredRoute(
            name=f"{topic_name(severity, region)}-route-{position}",
            region=region,
            topic=TopicRef(topic_name(severity, region)),
            protocol=Protocol(route.via.value),
            endpoint=_endpoint(route),
        )
        for region in config.topology.regions
        for severity, routes in by_severity
        for position, route in enumerate(routes)
    )


def _endpoint(route: Route) -> str | SecretRef:
    return route.address if route.address is not None else SecretRef(f"secret-{route.url_secret}")


def _policy(region: str, topic: str) -> PolicyDocument:
    topic_arn = arn("sns", region, topic)
    publish = ("sns:Publish",)
    return PolicyDocument(
        statements=(
            *(
                allow_service(sid, service, publish, topic_arn, when=of_this_account())
                for sid, service in _PUBLISHERS
            ),
            deny_plain_text(publish, topic_arn),
        )
    )
