"""What we write into a machine's metadata, to find it again and to know what was asked of it.

Two roles are kept apart: `role` is what the machine is doing, `declared_role` what the program last said.
A recovery changes `role` only; as long as the program says the same as before, the recovery's word stands.
The `incarnation` is a nonce of the resource in the engine's state: a delete takes only machines of the
incarnation it knows, so a forced replacement that adopts its predecessor's machines does not lose them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.slot import Slot

URN = "lifeboat_urn"
SLOT = "lifeboat_slot"
ROLE = "lifeboat_role"
DECLARED_ROLE = "lifeboat_declared_role"
SECRETS_VERSION = "lifeboat_secrets_version"
GREEN = "lifeboat_green"
INCARNATION = "lifeboat_incarnation"
PLATFORM_VERSION = "fly_platform_version"
PROCESS_GROUP = "fly_process_group"
OUR_PREFIX = "lifeboat_"
FLY_PREFIX = "fly_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The marks read from one machine; empty or None where there is none.

    Args:
        secrets_version: the app's secrets version the machine was last updated for.
        green: the generation a bluegreen rollout made it for, until it has taken over.
    """

    urn: str = ""
    group: str = ""
    slot: Slot | None = None
    role: Role | None = None
    declared_role: Role | None = None
    secrets_version: int | None = None
    green: str = ""
    incarnation: str = ""

    @classmethod
    def read(cls, metadata: Mapping[str, str]) -> Marks:
        """Read what is there; unreadable values count as absent."""
        return cls(
            urn=metadata.get(URN, ""),
            group=metadata.get(PROCESS_GROUP, ""),
            slot=Slot.parse(metadata.get(SLOT, "")),
            role=_role(metadata.get(ROLE)),
            declared_role=_role(metadata.get(DECLARED_ROLE)),
            secrets_version=_whole(metadata.get(SECRETS_VERSION)),
            green=metadata.get(GREEN, ""),
            incarnation=metadata.get(INCARNATION, ""),
        )

    def effective_role(self, declared: Role) -> Role:
        """Return what the machine is to do: a recovery's word, until the program says something else."""
        if self.role is None or self.declared_role not in (None, declared):
            return declared
        return self.role


def _role(text: str | None) -> Role | None:
    return Role(text) if text in {role.value for role in Role} else None


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None
