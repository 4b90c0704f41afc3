"""IAM policy documents as values: key, bucket, topic, secret, trust and role policies share this shape.

A document is data that invariants can read (no public principal, TLS demanded) before anything is rendered.
Must never hold a rendered ARN of something the cloud names: such texts are references.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from infra.desired.reference import Text

T = TypeVar("T")
JsonValue: TypeAlias = dict[str, Any]
"""A rendered document: JSON, but with whatever the caller's resolver returns as its leaves."""


class Effect(StrEnum):
    """What a statement does."""

    ALLOW = "Allow"
    DENY = "Deny"


class PrincipalKind(StrEnum):
    """Who a statement is about; `ANYONE` is for Deny only (an invariant checks it)."""

    AWS = "AWS"
    SERVICE = "Service"
    FEDERATED = "Federated"
    ANYONE = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """One kind of principal and its values (ARNs or service names); empty for `ANYONE`."""

    kind: PrincipalKind
    values: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`operator` (`StringEquals`) on `key` (`aws:SourceAccount`) with its values."""

    operator: str
    key: str
    values: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement; `principal` is absent in a role's own policy, `resources` in a trust policy."""

    sid: str
    effect: Effect
    actions: tuple[str, ...]
    principal: Principal | None = None
    resources: tuple[Text, ...] = ()
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDocument:
    """Statements in order."""

    statements: tuple[Statement, ...]


def render(document: PolicyDocument, resolve: Callable[[Text], T]) -> JsonValue:
    """Write a document in IAM's JSON shape.

    Args:
        document: the document.
        resolve: turns a text into what the caller wants to see in the JSON (a `str`, or an output).

    Returns:
        A dictionary ready for `json.dumps` once its leaves are known.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [_render_statement(statement, resolve) for statement in document.statements],
    }


def _render_statement(statement: Statement, resolve: Callable[[Text], T]) -> JsonValue:
    rendered: JsonValue = {"Sid": statement.sid, "Effect": statement.effect.value}
    if statement.principal is not None:
        rendered["Principal"] = _render_principal(statement.principal, resolve)
    rendered["Action"] = list(statement.actions)
    if statement.resources:
        rendered["Resource"] = [resolve(resource) for resource in statement.resources]
    if statement.conditions:
        rendered["Condition"] = _render_conditions(statement.conditions, resolve)
    return rendered


def _render_principal(principal: Principal, resolve: Callable[[Text], T]) -> str | JsonValue:
    if principal.kind is PrincipalKind.ANYONE:
        return "*"
    return {principal.kind.value: [resolve(value) for value in principal.values]}


def _render_conditions(conditions: tuple[Condition, ...], resolve: Callable[[Text], T]) -> JsonValue:
    rendered: JsonValue = {}
    for condition in conditions:
        of_operator = rendered.setdefault(condition.operator, {})
        of_operator[condition.key] = [resolve(value) for value in condition.values]
    return rendered
