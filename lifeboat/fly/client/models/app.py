"""An app as the Machines API describes it (`GET /v1/apps/{app}`)."""

from __future__ import annotations

from pydantic import Field

from lifeboat.fly.client.models.sparse import Sparse


class Organization(Sparse):
    """The organisation an app belongs to."""

    slug: str = ""
    name: str = ""
    internal_numeric_id: int | None = None


class App(Sparse):
    """An app.

    Args:
        id: Fly's id; the create answer of some versions carries only this.
        machine_count: how many live machines Fly counts; None when it does not say.
        volume_count: the same of volumes.
        network: the custom 6PN network; empty for the organisation's own. Fixed at creation.
    """

    id: str = ""
    name: str = ""
    internal_numeric_id: int | None = None
    organization: Organization = Field(default_factory=Organization)
    status: str = ""
    machine_count: int | None = None
    volume_count: int | None = None
    network: str = ""
    network_cidr: str = ""
