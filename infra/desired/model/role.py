"""IAM roles and managed policies: people's and pipelines' five, and those that AWS services assume."""

from __future__ import annotations

from dataclasses import dataclass

from infra.desired.policy_document import PolicyDocument
from infra.desired.reference import PolicyRef, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredManagedPolicy:
    """A customer-managed policy, used as a permissions boundary."""

    name: str
    physical_name: str
    description: str
    document: PolicyDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredRole:
    """A role.

    Args:
        name: logical name, `role-<noun>`.
        trust: who may assume it.
        policy: its inline policy (logical name `<name>-policy`), None when `managed_policies` say all.
        managed_policies: ARNs of AWS-managed policies, attached as `<name>-<last part of the ARN>`.
        boundary: the permissions boundary; every role people or pipelines assume has one.
    """

    name: str
    physical_name: str
    description: str
    trust: PolicyDocument
    policy: PolicyDocument | None
    managed_policies: tuple[Text, ...]
    boundary: PolicyRef | None
    max_session_s: int
