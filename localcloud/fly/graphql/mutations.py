"""The fields of the mutation root: addresses, which flyctl gives and takes here and nowhere else."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLError

from localcloud.fly.graphql.caller import Caller, not_found
from localcloud.fly.graphql.objects import Objects
from localcloud.fly.graphql.values import Fields, address_fields
from localcloud.fly.ips.assign import Wanted, assign, release
from localcloud.fly.model import App, IpAddress, Organization
from localcloud.fly.uiex.organizations import organization_id
from localcloud.fly.wire_error import NotImplementedHere, WireError

_CODES = {400: "BAD_REQUEST", 404: "NOT_FOUND", 422: "UNPROCESSABLE", 501: "NOT_IMPLEMENTED"}


class Mutations:
    """Executes one mutation for one caller."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._objects = Objects(caller)

    def fields(self) -> Fields:
        """Return every field of the root."""
        return {
            "allocateIpAddress": self._allocate,
            "releaseIpAddress": self._release,
            "allocateEgressIpAddress": self._allocate_egress,
            "releaseEgressIpAddress": self._release_egress,
        }

    def _allocate(self, _: object, input: dict[str, Any]) -> Fields:
        app = self._caller.app(input["appId"])
        organization = self._organization(input.get("organizationId") or "")
        wanted = Wanted(
            type=input["type"],
            region=input.get("region") or "",
            network=input.get("network") or "",
            org_slug=organization.slug if organization else "",
            service_name=input.get("serviceName") or "",
        )
        (address,) = self._assign(app, wanted)
        network = organization or self._caller.world.records.organizations[app.org_slug]
        named = self._objects.organization(network) if address.type == "private_v6" else None
        return self._payload(input, app, ipAddress=address_fields(address, named))

    def _release(self, _: object, input: dict[str, Any]) -> Fields:
        app = self._caller.app(input.get("appId") or "")
        by_id = {one.id: one.ip for one in app.ips}
        text = input.get("ip") or by_id.get(input.get("ipAddressId") or "", "")
        self._give_up(app, text)
        return self._payload(input, app)

    def _allocate_egress(self, _: object, input: dict[str, Any]) -> Fields:
        _refuse_machine_scope(input)
        app = self._caller.app(input["appId"])
        v4, v6 = self._assign(app, Wanted(type="egress_pair", region=input.get("region") or ""))
        return self._payload(input, app, v4=v4.ip, v6=v6.ip)

    def _release_egress(self, _: object, input: dict[str, Any]) -> Fields:
        _refuse_machine_scope(input)
        app, text = self._caller.app(input["appId"]), input.get("ip") or ""
        self._give_up(app, text)
        return self._payload(input, app, **{"v6" if ":" in text else "v4": text})

    def _assign(self, app: App, wanted: Wanted) -> tuple[IpAddress, ...]:
        try:
            return assign(self._caller.world, app, wanted)
        except WireError as error:
            raise _as_graphql(error) from error

    def _give_up(self, app: App, text: str) -> None:
        try:
            release(self._caller.world, app, text)
        except WireError as error:
            raise _as_graphql(error) from error

    def _organization(self, key: str) -> Organization | None:
        if not key:
            return None
        for organization in self._caller.organizations():
            if key in {organization.slug, organization_id(organization)}:
                return organization
        raise not_found("Could not find Organization")

    def _payload(self, given: dict[str, Any], app: App, **fields: object) -> Fields:
        return {
            "app": self._objects.app(app),
            "clientMutationId": given.get("clientMutationId"),
            **fields,
        }


def _refuse_machine_scope(given: dict[str, Any]) -> None:
    if given.get("machineId"):
        raise _as_graphql(NotImplementedHere("an egress address of one machine"))


def _as_graphql(error: WireError) -> GraphQLError:
    return GraphQLError(error.error, extensions={"code": _CODES.get(error.status, "SERVER_ERROR")})
