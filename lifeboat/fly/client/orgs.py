"""Machines and volumes of a whole organisation (`/v1/orgs/{org}`): a second witness beside the lists of apps.

During a regional outage the answer is a success that misses regions. That is never an error here: the result
says which in `error_regions`, and whoever counts machines must look at it.
"""

from __future__ import annotations

from lifeboat.fly.client.http import Http
from lifeboat.fly.client.models.org_machine import OrgMachine
from lifeboat.fly.client.models.volume import OrgVolume
from lifeboat.fly.client.operation import Operation, Safety
from lifeboat.fly.client.pages import Collected, Listing, collect

MACHINES = Operation(name="orgs.machines", method="GET", path="/v1/orgs/{org}/machines", safety=Safety.READ)
VOLUMES = Operation(name="orgs.volumes", method="GET", path="/v1/orgs/{org}/volumes", safety=Safety.READ)
_MACHINES = Listing(operation=MACHINES, model=OrgMachine, field="machines")
_VOLUMES = Listing(operation=VOLUMES, model=OrgVolume, field="volumes")


class Orgs:
    """What organisations have, over all apps."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def machines(self, organization: str, *, region: str | None = None) -> Collected[OrgMachine]:
        """Return the machines of an organisation at about one moment.

        Args:
            organization: the slug.
            region: only those of one region.
        """
        return collect(self._http, _MACHINES, {"org": organization}, {"region": region})

    def volumes(self, organization: str, *, region: str | None = None) -> Collected[OrgVolume]:
        """Return the volumes of an organisation at about one moment.

        Args:
            organization: the slug.
            region: only those of one region.
        """
        return collect(self._http, _VOLUMES, {"org": organization}, {"region": region, "summary": True})
