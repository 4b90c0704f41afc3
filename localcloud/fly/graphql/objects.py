"""Organisations, apps, machines and volumes in GraphQL's form; what may be long is a function.

Objects name each other in circles (an app its organisation, that its apps), so each is made only when asked.
"""

from __future__ import annotations

from localcloud.fly.api.app_wire import app_on_wire, status_of
from localcloud.fly.faults.board import FaultKind
from localcloud.fly.faults.reach import OK, host_status
from localcloud.fly.graphql.caller import Caller
from localcloud.fly.graphql.values import (
    Fields,
    address_fields,
    connection,
    egress_fields,
    image_fields,
    image_version_fields,
    release_fields,
    service_fields,
    snapshot_fields,
)
from localcloud.fly.images.registry import resolve
from localcloud.fly.model import App, IpAddress, Machine, Organization, Secret, State, Volume
from localcloud.fly.uiex.organizations import organization_id
from localcloud.fly.volumes.placement import exists
from localcloud.fly.volumes.wire import moment


class Objects:
    """Makes objects for one request."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def organization(self, organization: Organization) -> Fields:
        """Return an organisation."""
        return {
            "id": organization_id(organization),
            "internalNumericId": str(organization.internal_numeric_id),
            "slug": organization.slug,
            "rawSlug": organization.slug,
            "name": organization.name,
            "type": "PERSONAL" if organization.slug == "personal" else "SHARED",
            "billable": True,
            "billingStatus": "CURRENT",
            "paidPlan": True,
            "provisionsBetaExtensions": False,
            "remoteBuilderImage": "",
            "viewerRole": "admin",
            "apps": lambda _, first=None: connection(self._apps_of(organization), first),
            "limitedAccessTokens": connection([]),
            "addOns": lambda _, **__: connection([]),
        }

    def app(self, app: App) -> Fields:
        """Return an app."""
        world = self._caller.world
        hostname = f"{app.name}.fly.dev"
        # Fly lists the shared address apart from the others.
        own = [one for one in app.ips if not one.is_egress and not one.is_shared]
        return self._app_activity(app) | {
            "id": app.id,
            "internalNumericId": app.internal_numeric_id,
            "name": app.name,
            "hostname": hostname,
            "appUrl": f"https://{hostname}",
            "cnameTarget": app_on_wire(app, world.records.organizations)["cname_target"],
            "createdAt": moment(app.created_at),
            "network": app.network,
            "organization": lambda _: self._organization_of(app.org_slug),
            "platformVersion": "machines",
            "role": {"name": app.role} if app.role else None,
            "secrets": [_secret(secret) for _, secret in sorted(app.secrets.items())],
            "sharedIpAddress": next((one.ip for one in app.ips if one.is_shared), None),
            "ipAddresses": lambda _, first=None: connection(map(self._address, own), first),
            "egressIpAddresses": connection(map(egress_fields, filter(_is_egress, app.ips))),
            "limitedAccessTokens": connection([]),
        }

    def machine(self, machine: Machine) -> Fields:
        """Return a machine."""
        ip = {"family": "v6", "kind": "privatenet", "ip": machine.private_ip, "maskSize": 112}
        return {
            "id": machine.id,
            "instanceId": machine.version.id,
            "name": machine.name,
            "state": machine.state.value,
            "region": machine.region,
            "config": machine.config,
            "app": lambda _: self.app(self._caller.world.apps[machine.app_name]),
            "ips": connection([ip]),
            "egressIpAddresses": connection([]),
            "host": {"id": machine.host_id, "region": machine.region},
            "createdAt": moment(machine.created_at),
            "updatedAt": moment(machine.updated_at),
        }

    def volume(self, volume: Volume) -> Fields:
        """Return a volume."""
        attached = self._caller.world.find_machine(volume.attached_machine_id)
        created = (one for one in volume.snapshots.values() if one.status == "created")
        return {
            "id": volume.id,
            "internalId": volume.id.removeprefix("vol_"),
            "name": volume.name,
            "state": volume.state.value,
            "region": volume.region,
            "sizeGb": volume.size_gb,
            "encrypted": volume.encrypted,
            "app": lambda _: self.app(self._caller.world.apps[volume.app_name]),
            "host": {"id": volume.host_id, "region": volume.region},
            "attachedMachine": self.machine(attached) if attached else None,
            "snapshots": connection(map(snapshot_fields, created)),
            "createdAt": moment(volume.created_at),
        }

    def _app_activity(self, app: App) -> Fields:
        releases = [release_fields(one) for one in sorted(app.releases, key=lambda one: -one.version)]
        machines = [one for one in app.machines.values() if one.state is not State.DESTROYED]
        volumes = [one for one in app.volumes.values() if exists(one)]
        return {
            "status": status_of(app),
            "state": "DEPLOYED",
            "deployed": bool(machines),
            "version": releases[0]["version"] if releases else 0,
            "currentRelease": releases[0] if releases else None,
            "currentReleaseUnprocessed": releases[0] if releases else None,
            "releases": lambda _, first=None: connection(releases, first),
            "releasesUnprocessed": lambda _, first=None: connection(releases, first),
            "machines": lambda _, first=None: connection(map(self.machine, machines), first),
            "volumes": lambda _, first=None: connection(map(self.volume, volumes), first),
            "hostIssues": lambda _: connection(self._host_issues(machines)),
            "image": lambda _, ref: self._image(app, ref),
            **_as_deployed(releases, machines),
        }

    def _image(self, app: App, ref: str) -> Fields | None:
        image = resolve(ref)
        if image is None:
            return None
        gone = self._caller.world.faults.take(FaultKind.IMAGE_GONE, image=image.reference, app=app.name)
        return None if gone else image_fields(image)

    def _host_issues(self, machines: list[Machine]) -> list[Fields]:
        world, now = self._caller.world, moment(self._caller.world.clock.now())
        lost = {m.host_id: m for m in machines if host_status(world, m.host_id, m.region) != OK}
        return [
            {
                "internalId": host_id,
                "message": f"a host in {machine.region} is unreachable",
                "createdAt": now,
                "updatedAt": now,
            }
            for host_id, machine in lost.items()
        ]

    def _address(self, address: IpAddress) -> Fields:
        organization = self._organization_of(address.org_slug) if address.org_slug else None
        return address_fields(address, organization)

    def _organization_of(self, slug: str) -> Fields:
        return self.organization(self._caller.world.records.organizations[slug])

    def _apps_of(self, organization: Organization) -> list[Fields]:
        return [self.app(app) for app in self._caller.apps() if app.org_slug == organization.slug]


def _as_deployed(releases: list[Fields], machines: list[Machine]) -> Fields:
    config = machines[0].config if machines else {}
    return {
        "config": {"definition": (releases[0]["configDefinition"] if releases else None) or {}},
        "services": [service_fields(service) for service in config.get("services") or ()],
        "imageDetails": image_version_fields(resolve(config.get("image") or "")),
    }


def _is_egress(address: IpAddress) -> bool:
    return address.is_egress


def _secret(secret: Secret) -> Fields:
    return {
        "id": secret.name,
        "name": secret.name,
        "digest": secret.digest,
        "createdAt": moment(secret.created_at),
    }
