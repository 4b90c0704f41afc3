"""A secret by name. Its value is set by an operator's command, never by the program and never here."""

from __future__ import annotations

from dataclasses import dataclass

from infra.desired.policy_document import PolicyDocument
from infra.desired.reference import KeyRef


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretReplica:
    """A copy in another region under that region's key."""

    region: str
    key: KeyRef


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredSecret:
    """A Secrets Manager secret.

    Args:
        name: logical name, `secret-<name in the environment file>`.
        physical_name: `<product>/<environment>/<name>`.
        region: the home region; replicas are read-only copies of it.
        rotation_days: how old a value may become; None when it does not age.
        generated: true when the operator's command makes the value up, false when a human hands it in.
        fly_name: the name under which Fly apps receive it, None when they do not.
        database_role: the PostgreSQL role whose password it is, None when it is no role's.
        policy_name: logical name of the resource policy.
    """

    name: str
    physical_name: str
    region: str
    purpose: str
    description: str
    key: KeyRef
    replicas: tuple[SecretReplica, ...]
    recovery_window_days: int
    rotation_days: int | None
    generated: bool
    fly_name: str | None
    database_role: str | None
    policy_name: str
    policy: PolicyDocument
    protected: bool
    retain_on_delete: bool
