"""The few shapes of policy statements that the documents of this room are made of."""

from __future__ import annotations

from infra.desired.policy_document import Condition, Effect, Principal, PrincipalKind, Statement
from infra.desired.reference import AccountId, Joined, Partition, Text

ANYONE = Principal(kind=PrincipalKind.ANYONE)
ACCOUNT_ROOT = Joined(parts=("arn:", Partition(), ":iam::", AccountId(), ":root"))
"""The account itself: whom its IAM policies allow."""


def allow(
    sid: str, actions: tuple[str, ...], *resources: Text, when: tuple[Condition, ...] = ()
) -> Statement:
    """Return what a role's own policy allows."""
    return Statement(sid=sid, effect=Effect.ALLOW, actions=actions, resources=resources, conditions=when)


def deny(sid: str, actions: tuple[str, ...], *resources: Text, when: tuple[Condition, ...] = ()) -> Statement:
    """Return what a role's own policy denies, whatever else allows it."""
    return Statement(sid=sid, effect=Effect.DENY, actions=actions, resources=resources, conditions=when)


def allow_service(
    sid: str, service: str, actions: tuple[str, ...], *resources: Text, when: tuple[Condition, ...] = ()
) -> Statement:
    """Return what a resource's policy allows a service of AWS (`cloudwatch.amazonaws.com`)."""
    return Statement(
        sid=sid,
        effect=Effect.ALLOW,
        actions=actions,
        principal=Principal(kind=PrincipalKind.SERVICE, values=(service,)),
        resources=resources,
        conditions=when,
    )


def deny_anyone(
    sid: str, actions: tuple[str, ...], *resources: Text, when: tuple[Condition, ...]
) -> Statement:
    """Return what a resource's policy denies everybody under a condition."""
    return Statement(
        sid=sid,
        effect=Effect.DENY,
        actions=actions,
        principal=ANYONE,
        resources=resources,
        conditions=when,
    )


def unless_principal(*arns: Text) -> tuple[Condition, ...]:
    """Return the condition that the caller is none of these roles."""
    return (Condition(operator="ArnNotLike", key="aws:PrincipalArn", values=arns),)


def of_this_account() -> tuple[Condition, ...]:
    """Return the condition that a service acts for this account and no other."""
    return (Condition(operator="StringEquals", key="aws:SourceAccount", values=(AccountId(),)),)


def deny_plain_text(actions: tuple[str, ...], *resources: Text) -> Statement:
    """Return the denial of requests without TLS."""
    insecure = Condition(operator="Bool", key="aws:SecureTransport", values=("false",))
    return deny_anyone("DenyPlainText", actions, *resources, when=(insecure,))
