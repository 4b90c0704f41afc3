"""Ingress addresses: adopted or allocated, never changed."""

from __future__ import annotations

from typing import ClassVar

from lifeboat.core.errors import Refused
from lifeboat.fly.client.models.ip import IpAssignment, IpType
from lifeboat.fly.provider.claims import Ground
from lifeboat.fly.provider.handler import DeclaredHandler
from lifeboat.fly.provider.ids import join_id, split_id
from lifeboat.fly.provider.ip_declaration import IP_ADDRESS
from lifeboat.fly.provider.judging import judged
from lifeboat.fly.provider.looking import found_or_gone
from lifeboat.fly.provider.registry import ResourceKind
from lifeboat.fly.rules.names import app_name_problem
from lifeboat.fly.rules.regions import fly_region_problem
from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.requests import (
    CheckRequest,
    CreateRequest,
    DeleteRequest,
    Found,
    Made,
    ReadRequest,
    UpdateRequest,
)
from lifeboat.providerkit.values import Properties

_ID_FORM = "app/ip"
_EVERYWHERE = frozenset({"", "global"})


class IpAddressHandler(DeclaredHandler):
    """Handles `fly:index:IpAddress`; the id is `app/ip`."""

    declaration: ClassVar = IP_ADDRESS

    def problems(self, request: CheckRequest, inputs: Properties) -> tuple[PropertyFailure, ...]:
        """Judge name and region, and find two resources that mean the same address."""
        failures = judged(inputs, app=app_name_problem, region=fly_region_problem)
        if inputs.get("network") is not None and inputs["type"] in set(IpType) - {IpType.PRIVATE_V6}:
            failures += (PropertyFailure(path="network", reason="only a private_v6 address has a network"),)
        return failures or self.unique(request, inputs, "app", "type", "region", "network")

    def create(self, request: CreateRequest) -> Made:
        """Adopt the one address that fits, or allocate one.

        Raises:
            Refused: several fit.
        """
        inputs, subject = request.inputs, request.subject
        client, app = self.access.client(subject.clock), inputs["app"]
        fitting = [one for one in client.ips.list(app) if _fits(one, inputs)]
        free = [one for one in fitting if self.is_free(join_id(app, one.ip))]
        if len(free) > 1:
            addresses = ", ".join(one.ip for one in free)
            raise Refused(
                f"app {app} has {len(free)} addresses of type {inputs['type']}: {addresses}",
                hint="import the right one with `pulumi import`, or release those that are not needed",
            )
        if free:
            ip = free[0].ip
            self.claim(subject, join_id(app, ip), Ground.ADOPTED)
            subject.log(f"adopted {ip}, which app {app} has already")
        else:
            network = {"network": inputs["network"]} if inputs.get("network") else None
            ip = client.ips.allocate(
                app, IpType(inputs["type"]), region=inputs.get("region"), network=network
            ).ip
            self.claim(subject, join_id(app, ip), Ground.MADE)
        return Made(resource_id=join_id(app, ip), outputs={**self.echo(inputs), "ip": ip})

    def read(self, request: ReadRequest) -> Found | None:
        """Look twice before saying that it is gone."""
        clock = request.subject.clock
        client = self.access.client(clock)
        app, ip = split_id(request.resource_id, _ID_FORM)
        address = found_or_gone(
            lambda: next((one for one in client.ips.list(app) if one.ip == ip), None),
            clock,
            self.access.recheck_s,
        )
        if address is None:
            return None
        inputs = {**request.old_inputs, **_described(app, address, request)}
        return Found(resource_id=request.resource_id, outputs={**self.echo(inputs), "ip": ip}, inputs=inputs)

    def update(self, request: UpdateRequest) -> Properties:
        """Return what is known: an address has nothing that can be changed."""
        return {**self.echo(request.inputs), "ip": split_id(request.resource_id, _ID_FORM)[1]}

    def delete(self, request: DeleteRequest) -> None:
        """Release it; gone already is fine."""
        if self.outlives(request):
            return
        app, ip = split_id(request.resource_id, _ID_FORM)
        self.access.client(request.subject.clock).ips.release(app, ip)


def _fits(address: IpAssignment, inputs: Properties) -> bool:
    region, network = inputs.get("region"), inputs.get("network")
    return (
        address.type == inputs["type"]
        and not address.service_name
        and region in (None, address.region)
        and network in (None, address.network.name)
    )


def _described(app: str, address: IpAssignment, request: ReadRequest) -> Properties:
    described: Properties = {"app": app, "type": str(address.type or request.old_inputs.get("type"))}
    if request.importing and address.region not in _EVERYWHERE:
        described["region"] = address.region
    if request.importing and address.network.name:
        described["network"] = address.network.name
    return described


KIND = ResourceKind(declaration=IP_ADDRESS, make=IpAddressHandler)
