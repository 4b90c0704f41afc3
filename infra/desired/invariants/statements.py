"""Policy documents: nobody in general may do anything, nothing allows everything, plain text is refused."""

from __future__ import annotations

from collections.abc import Iterator

from infra.config.problem import Problem
from infra.desired.model import DesiredEnvironment
from infra.desired.policy_document import Condition, Effect, PolicyDocument, PrincipalKind, Statement

_FIVE = frozenset({"role-preview", "role-deploy", "role-backup", "role-restore", "role-breakglass"})
_PLAIN_TEXT = Condition(operator="Bool", key="aws:SecureTransport", values=("false",))


def statement_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    """Yield statements that say too much and documents that say too little."""
    for name, document in _documents(desired):
        for statement in document.statements:
            yield from _statement_problems(name, statement)
        yield from _sid_problems(name, document)
    for name, document in _reached_by_wire(desired):
        if not any(_refuses_plain_text(statement) for statement in document.statements):
            yield Problem(path=(name, "policy"), message="does not refuse plain text")
    yield from _role_problems(desired)


def _documents(desired: DesiredEnvironment) -> Iterator[tuple[str, PolicyDocument]]:
    yield from ((key.name, key.policy) for key in desired.keys)
    yield from _reached_by_wire(desired)
    yield from ((policy.name, policy.document) for policy in desired.policies)
    for role in desired.roles:
        yield role.name, role.trust
        if role.policy is not None:
            yield role.name, role.policy


def _reached_by_wire(desired: DesiredEnvironment) -> Iterator[tuple[str, PolicyDocument]]:
    yield from ((bucket.name, bucket.policy) for bucket in desired.buckets)
    yield from ((topic.name, topic.policy) for topic in desired.topics)
    yield from ((secret.name, secret.policy) for secret in desired.secrets)


def _statement_problems(name: str, statement: Statement) -> Iterator[Problem]:
    path = (name, "policy", statement.sid)
    if statement.effect is not Effect.ALLOW:
        return
    if statement.principal is not None and statement.principal.kind is PrincipalKind.ANYONE:
        yield Problem(path=path, message="allows anybody")
    if "*" in statement.actions:
        yield Problem(path=path, message="allows everything")


def _sid_problems(name: str, document: PolicyDocument) -> Iterator[Problem]:
    sids = [statement.sid for statement in document.statements]
    for sid in sorted({sid for sid in sids if sids.count(sid) > 1 or not sid.isalnum()}):
        yield Problem(path=(name, "policy", sid), message="must be letters and digits, and there once")


def _refuses_plain_text(statement: Statement) -> bool:
    return statement.effect is Effect.DENY and _PLAIN_TEXT in statement.conditions


def _role_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    for missing in sorted(_FIVE - {role.name for role in desired.roles}):
        yield Problem(path=(missing,), message="is missing")
    for role in desired.roles:
        if role.boundary is None:
            yield Problem(path=(role.name,), message="has no permissions boundary")
