"""A multi-region KMS key: one primary in the home region, one replica per further region.

Deleting a key is the one loss no recovery undoes, so the deletion window is the longest AWS allows.
"""

from __future__ import annotations

from dataclasses import dataclass

from infra.desired.policy_document import PolicyDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCopy:
    """The key in one region; `name` is the logical name of the copy, `alias_name` that of its alias."""

    name: str
    alias_name: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredKey:
    """One purpose, one key.

    Args:
        name: the purpose (`database`); what `KeyRef.name` points at.
        alias: the alias in every region, `alias/<product>-<environment>-<purpose>`.
        primary: the copy in the home region; it never moves, whichever region holds the primary database.
        replicas: the other regions' copies.
        policy: the key policy of every copy.
    """

    name: str
    alias: str
    description: str
    primary: KeyCopy
    replicas: tuple[KeyCopy, ...]
    policy: PolicyDocument
    protected: bool
    retain_on_delete: bool
    deletion_window_days: int = 30
    rotation: bool = True
    multi_region: bool = True

    def copies(self) -> tuple[KeyCopy, ...]:
        """Return the primary copy, then the replicas."""
        return (self.primary, *self.replicas)
