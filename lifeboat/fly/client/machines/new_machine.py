"""A machine that is to be made: what the request says, and how it is known again afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lifeboat.fly.client.errors import InvalidRequest
from lifeboat.fly.client.models.machine import Machine

OWN_MARK = "lifeboat_"
"""How the metadata keys begin that say whose machine it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMachine:
    """What to make.

    Args:
        name: unique among the app's live machines; never empty, since a create whose answer is lost is found
            again by it, and Fly refuses a second machine of the name.
        region: code of one region.
        config: in Fly's own form.
        skip_launch: leave it stopped.
        min_secrets_version: the app's secrets version its host waits for.
        lease_ttl_s: take a lease along with it; the nonce is in the answer.
        skip_service_registration: keep the proxy away until uncordoned.

    Raises:
        InvalidRequest: the name is empty.
    """

    name: str
    region: str
    config: Mapping[str, Any] = field(repr=False)
    skip_launch: bool = False
    min_secrets_version: int | None = None
    lease_ttl_s: int | None = None
    skip_service_registration: bool = False

    def __post_init__(self) -> None:
        """Refuse a machine that could not be found again."""
        if not self.name:
            raise InvalidRequest("a new machine needs a name")

    def body(self) -> dict[str, Any]:
        """Return the request's body."""
        fields = {
            "name": self.name,
            "region": self.region,
            "config": dict(self.config),
            "skip_launch": self.skip_launch or None,
            "min_secrets_version": self.min_secrets_version,
            "lease_ttl": self.lease_ttl_s,
            "skip_service_registration": self.skip_service_registration or None,
        }
        return {key: value for key, value in fields.items() if value is not None}

    def mark(self) -> dict[str, str]:
        """Return the metadata that says whose machine it is: our own keys, else all of them."""
        metadata: Mapping[str, str] = self.config.get("metadata") or {}
        own = {key: value for key, value in metadata.items() if key.startswith(OWN_MARK)}
        return own or dict(metadata)

    def is_this(self, machine: Machine) -> bool:
        """Tell whether a machine is the one this request made: live, of this name, with this mark."""
        observed = machine.metadata
        marked = all(observed.get(key) == value for key, value in self.mark().items())
        return machine.is_live and machine.name == self.name and marked
