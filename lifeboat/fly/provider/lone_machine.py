"""One declared machine outside of groups: its configuration, and which observed one is it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lifeboat.fly.provider.groups import marks as keys
from lifeboat.fly.provider.groups.blueprint import Blueprint
from lifeboat.fly.provider.groups.desired import Desired
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.planning import autostops
from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.slot import Slot
from lifeboat.fly.provider.machine_declaration import DesiredState
from lifeboat.fly.provider.owner import Owner
from lifeboat.providerkit.values import Properties

DEFAULT_GROUP = "app"
"""flyctl's name of the process group when nobody names one."""

_OF_GROUPS = (keys.SLOT, keys.ROLE, keys.DECLARED_ROLE)


class LoneMachine:
    """A declared machine.

    Args:
        urn: the resource.
        inputs: completed by `check`.
        incarnation: of the resource in the state.
    """

    def __init__(self, urn: str, inputs: Properties, incarnation: str) -> None:
        config = inputs["config"]
        group = (config.get("metadata") or {}).get(keys.PROCESS_GROUP) or DEFAULT_GROUP
        self.name: str = inputs["name"]
        self.is_named = "name" not in inputs.get("__defaults", ())
        self.slot = Slot(region=inputs["region"], number=1)
        self.state = DesiredState(inputs["desiredState"])
        self.cordoned: bool = inputs["cordoned"]
        self.volume = str((config.get("mounts") or [{}])[0].get("volume") or "")
        self.desired = Desired(
            urn=urn,
            app=inputs["app"],
            group=group,
            config=config,
            regions={inputs["region"]: 1},
            owner=Owner(inputs["owner"]),
            secrets_version=inputs.get("secretsVersion"),
            incarnation=incarnation,
        )
        self._blueprint = Blueprint(self.desired)

    @property
    def sleeps(self) -> bool:
        """Whether Fly may stop it for lack of requests."""
        return autostops(self.desired.config)

    def config(self, member: Member | None = None) -> dict[str, Any]:
        """Return its complete configuration, on top of what `member` keeps."""
        config = self._blueprint.config(self.slot, Role.ACTIVE, member)
        metadata = {key: value for key, value in config["metadata"].items() if key not in _OF_GROUPS}
        return {**config, "metadata": metadata}

    def matches(self, member: Member) -> bool:
        """Tell whether nothing but metadata separates an observed machine from this one."""
        return self._blueprint.matches(member)

    def metadata_changes(self, member: Member) -> dict[str, str | None]:
        """Return the metadata to write without a restart."""
        changes = self._blueprint.metadata_changes(self.slot, Role.ACTIVE, member)
        return {key: value for key, value in changes.items() if key not in _OF_GROUPS}

    def among(self, members: Iterable[Member]) -> Member | None:
        """Return the machine to adopt: ours by its mark, else nobody's by its name; the oldest of several."""
        fitting = [member for member in members if self._fits(member)]
        return min(fitting, key=lambda member: (not member.marks.urn, member.created_at), default=None)

    def _fits(self, member: Member) -> bool:
        if member.is_gone or not member.is_reachable or member.marks.slot is not None:
            return False
        if (member.region, member.volume) != (self.slot.region, self.volume):
            return False
        named = member.name == self.name
        if member.marks.urn == self.desired.urn:
            return named or not self.is_named
        return named and not member.marks.urn
