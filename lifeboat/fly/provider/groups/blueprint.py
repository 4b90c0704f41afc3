"""The configuration a machine of the group should have, and how far an observed one is from it.

What others may own stays as it is found: `fly_*` metadata always, PRIMARY_REGION unless the template names
it, and with owner `deploy` the image and `FLY_*` variables too. Marks of ours that restart nothing are told
from what needs an update.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from lifeboat.fly.provider.groups import marks as keys
from lifeboat.fly.provider.groups.desired import Desired
from lifeboat.fly.provider.groups.images import majority_image, same_image
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.slot import Slot
from lifeboat.fly.provider.owner import Owner
from lifeboat.fly.rules.normalise import normalise

PRIMARY_REGION = "PRIMARY_REGION"
PROCESS_GROUP = "FLY_PROCESS_GROUP"
_KEPT = (keys.FLY_PREFIX, keys.OUR_PREFIX)
_VARIABLE = frozenset({"metadata", "env", "image"})


class Blueprint:
    """One group's template against many machines; remembers the comparisons that come out alike.

    Args:
        desired: the group.
        members: the machines that hold its slots, for what a new machine takes over from them.
    """

    def __init__(self, desired: Desired, members: tuple[Member, ...] = ()) -> None:
        self._desired = desired
        self._roles = desired.slots()
        self._template = dict(desired.config)
        self._fixed = normalise(_fixed(self._template))
        self._alike: dict[str, bool] = {}
        self._image = (
            majority_image(members) if desired.owner is Owner.DEPLOY else ""
        ) or self._template.get("image", "")
        found = (_env(member).get(PRIMARY_REGION) for member in members)
        self._primary = next(filter(None, found), desired.primary_region)

    @property
    def generation(self) -> str:
        """A short digest of template and secrets version: what a bluegreen rollout is heading for."""
        text = json.dumps([self._template, self._desired.secrets_version], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:8]

    def config(self, slot: Slot, role: Role, member: Member | None = None) -> dict[str, Any]:
        """Return the complete configuration of a slot's machine, on top of what `member` keeps."""
        config = {
            **self._template,
            "image": self._image_for(member),
            "env": self._env_for(member),
            "metadata": self.metadata(slot, role, member),
        }
        volume = self._desired.volume_of(slot)
        if volume:
            config["mounts"] = [{**mount, "volume": volume} for mount in self._template.get("mounts") or ()]
        return config

    def metadata(self, slot: Slot, role: Role, member: Member | None = None) -> dict[str, str]:
        """Return the complete metadata of a slot's machine; `role` is what the machine does."""
        desired = self._desired
        kept = {key: value for key, value in _metadata(member).items() if key.startswith(_KEPT)}
        kept.pop(keys.GREEN, None)
        marks = {
            keys.PLATFORM_VERSION: "v2",
            keys.PROCESS_GROUP: desired.group,
            keys.URN: desired.urn,
            keys.SLOT: slot.text,
            keys.ROLE: role.value,
            keys.DECLARED_ROLE: self._roles[slot].value,
            keys.INCARNATION: desired.incarnation,
        }
        version = _secrets_version(desired, member)
        secrets = {} if version is None else {keys.SECRETS_VERSION: str(version)}
        wanted = {**kept, **(self._template.get("metadata") or {}), **marks, **secrets}
        # Fly takes an empty value for none.
        return {key: value for key, value in wanted.items() if value}

    def metadata_changes(self, slot: Slot, role: Role, member: Member) -> dict[str, str | None]:
        """Return the metadata to write without a restart; a None removes a key."""
        found, wanted = _metadata(member), self.metadata(slot, role, member)
        removed: dict[str, str | None] = {key: None for key in found if key not in wanted}
        return removed | {key: value for key, value in wanted.items() if found.get(key) != value}

    def matches(self, member: Member) -> bool:
        """Tell whether nothing but metadata and the volume separates a machine from the template."""
        return (
            not self._secrets_stale(member)
            and same_image(self._image_for(member), member)
            and self._env_for(member) == _env(member)
            and self._fixed_matches(member)
        )

    def _secrets_stale(self, member: Member) -> bool:
        wanted, found = self._desired.secrets_version, member.marks.secrets_version
        return wanted is not None and (found is None or found < wanted)

    def _fixed_matches(self, member: Member) -> bool:
        fixed = _fixed(member.config)
        key = json.dumps(fixed, sort_keys=True)
        if key not in self._alike:
            self._alike[key] = normalise(fixed) == self._fixed
        return self._alike[key]

    def _image_for(self, member: Member | None) -> str:
        kept = member.config.get("image") if member and self._desired.owner is Owner.DEPLOY else ""
        return str(kept or self._image)

    def _env_for(self, member: Member | None) -> dict[str, str]:
        found = _env(member)
        deploys = self._desired.owner is Owner.DEPLOY
        kept = {key: value for key, value in found.items() if deploys and key.startswith("FLY_")}
        own = {
            PROCESS_GROUP: self._desired.group,
            PRIMARY_REGION: found.get(PRIMARY_REGION) or self._primary,
        }
        return {**kept, **own, **(self._template.get("env") or {})}


def _secrets_version(desired: Desired, member: Member | None) -> int | None:
    known = [desired.secrets_version, member.marks.secrets_version if member else None]
    return max((version for version in known if version is not None), default=None)


def _fixed(config: Mapping[str, Any]) -> dict[str, Any]:
    fixed = {key: value for key, value in config.items() if key not in _VARIABLE}
    if fixed.get("mounts"):
        # Which volume is a question of slots; with one named, what the server knows of it is left out.
        fixed["mounts"] = [{**mount, "volume": "any"} for mount in fixed["mounts"]]
    return fixed


def _env(member: Member | None) -> Mapping[str, str]:
    found: Mapping[str, str] = (member.config.get("env") or {}) if member else {}
    return found


def _metadata(member: Member | None) -> Mapping[str, str]:
    return member.metadata if member else {}
