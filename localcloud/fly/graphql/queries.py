"""The fields of the query root: each is called with graphql-core's info and the field's arguments."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from graphql import GraphQLError

from localcloud.fly.api.app_names import check_name
from localcloud.fly.api.platform import NEAREST
from localcloud.fly.graphql.caller import Caller, not_found
from localcloud.fly.graphql.objects import Objects
from localcloud.fly.graphql.values import Fields, connection, region_fields, user_fields
from localcloud.fly.model import App
from localcloud.fly.regions import REGIONS
from localcloud.fly.uiex.organizations import organization_id
from localcloud.fly.volumes.placement import exists
from localcloud.fly.wire_error import WireError

_PAGE = 200


class Queries:
    """Answers one query for one caller."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._objects = Objects(caller)

    def fields(self) -> Fields:
        """Return every field of the root."""
        return {
            "app": self._app,
            "apps": self._apps,
            "appNameAvailable": self._app_name_available,
            "canPerformBluegreenDeployment": self._can_perform_bluegreen,
            "latestImageDetails": _latest_image_details,
            "machine": self._machine,
            "nearestRegion": lambda _, **__: region_fields(REGIONS[NEAREST]),
            "organization": self._organization,
            "organizations": self._organizations,
            "personalOrganization": lambda _: self._organization(_, slug="personal"),
            "platform": {
                "requestRegion": NEAREST,
                "regions": [region_fields(region) for region in REGIONS.values()],
            },
            "viewer": user_fields(self._caller.identity.caller),
            "volume": self._volume,
        }

    def _app(self, _: object, name: str = "", **others: str) -> Fields:
        return self._objects.app(self._caller.app(name or others.get("internalId", "")))

    def _apps(self, _: object, **given: object) -> Fields:
        wanted: dict[str, Any] = given
        found = [app for app in self._caller.apps() if self._is_wanted(app, wanted)]
        after = _decode(wanted.get("after") or "")
        rest = sorted((app for app in found if app.name > after), key=lambda app: app.name)
        shown = rest[: max(0, wanted.get("first") or _PAGE)]
        page = {
            "hasNextPage": len(rest) > len(shown),
            "hasPreviousPage": bool(after),
            "endCursor": _encode(shown[-1].name) if shown else None,
        }
        return {
            "nodes": [self._objects.app(app) for app in shown],
            "totalCount": len(found),
            "pageInfo": page,
        }

    def _is_wanted(self, app: App, wanted: dict[str, Any]) -> bool:
        organization = self._caller.world.records.organizations[app.org_slug]
        keys = {organization.slug, organization_id(organization)}
        in_organization = not wanted.get("organizationId") or wanted["organizationId"] in keys
        return in_organization and (wanted.get("role") or app.role) == app.role

    def _app_name_available(self, _: object, name: str) -> bool:
        try:
            check_name(name)
        except WireError:
            return False
        return name not in self._caller.world.apps

    def _can_perform_bluegreen(self, _: object, name: str) -> bool:
        # Fly asks whether the organisation's limits allow twice the machines; the local cloud has none.
        return bool(self._caller.app(name))

    def _machine(self, _: object, machineId: str) -> Fields:
        for app in self._caller.apps():
            if machineId in app.machines:
                return self._objects.machine(app.machines[machineId])
        raise not_found("Could not find Machine")

    def _volume(self, _: object, id: str) -> Fields:
        for app in self._caller.apps():
            for volume in app.volumes.values():
                if id in {volume.id, volume.id.removeprefix("vol_")} and exists(volume):
                    return self._objects.volume(volume)
        raise not_found("Could not find Volume")

    def _organization(self, _: object, **by: str) -> Fields:
        for organization in self._caller.organizations():
            keys = {"id": organization_id(organization), "slug": organization.slug, "name": organization.name}
            if any(keys[key] == value for key, value in by.items()):
                return self._objects.organization(organization)
        raise not_found("Could not find Organization")

    def _organizations(self, _: object, **__: object) -> Fields:
        return connection(self._objects.organization(one) for one in self._caller.organizations())


def _latest_image_details(_: object, image: str, **__: object) -> Fields:
    # Only images that Fly itself publishes have newer versions; none of them is kept here.
    raise GraphQLError(f"Unknown repository: {image.partition(':')[0]}", extensions={"code": "NOT_FOUND"})


def _encode(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode()


def _decode(cursor: str) -> str:
    try:
        return base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error) as error:
        raise GraphQLError("invalid cursor", extensions={"code": "BAD_REQUEST"}) from error
