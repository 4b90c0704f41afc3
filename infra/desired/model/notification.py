"""Where alarms go: a topic per severity and region, and the routes from topics to people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from infra.desired.model.alarm import Severity
from infra.desired.policy_document import PolicyDocument
from infra.desired.reference import KeyRef, SecretRef, TopicRef


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredTopic:
    """An encrypted SNS topic; `policy_name` is the logical name of its policy resource."""

    name: str
    physical_name: str
    region: str
    severity: Severity
    key: KeyRef
    policy_name: str
    policy: PolicyDocument


class Protocol(StrEnum):
    """How a route reaches people."""

    EMAIL = "email"
    HTTPS = "https"
    SLACK = "slack"


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredRoute:
    """From a topic to an endpoint.

    When `endpoint` is a `SecretRef` the URL carries a token: it must not reach the state, so the program
    makes no subscription for it and an operator's command subscribes it once the value is set. SNS cannot
    confirm a Slack webhook at all, so `SLACK` routes are always for the operator's side.
    """

    name: str
    region: str
    topic: TopicRef
    protocol: Protocol
    endpoint: str | SecretRef

    @property
    def by_program(self) -> bool:
        """True when the program itself makes the subscription."""
        return isinstance(self.endpoint, str)
