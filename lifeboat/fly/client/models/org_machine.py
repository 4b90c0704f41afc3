"""A machine in the list of an organisation: enough to count and to compare, not enough to update."""

from __future__ import annotations

from pydantic import AliasChoices, Field

from lifeboat.fly.client.models.sparse import Moment, Sparse


class OrgMachineConfig(Sparse):
    """The part of a config that the list shows."""

    image: str = ""
    guest: dict[str, object] = Field(default_factory=dict)
    metadata: dict[str, str] = Field(default_factory=dict)


class OrgMachine(Sparse):
    """A machine of some app of the organisation."""

    id: str
    app_name: str = ""
    name: str = ""
    state: str = ""
    region: str = ""
    instance_id: str = Field(default="", validation_alias=AliasChoices("version", "instance_id"))
    config: OrgMachineConfig = Field(default_factory=OrgMachineConfig)
    private_ip: str = ""
    created_at: Moment = None
    updated_at: Moment = None
