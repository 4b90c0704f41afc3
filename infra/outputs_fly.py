"""The Fly half of the contract, out of the desired model and what Fly made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from infra.desired.model import DesiredAppSecret, DesiredEnvironment, DesiredFlyApp, DesiredMachineGroup
from infra.resources.declared import Declared
from infra.resources.fly_app import FlyApp
from lifeboat.fly.resources import DnsRequirements

Document = dict[str, Any]
_MACHINE = ("id", "name", "region", "role")


def fly_document(desired: DesiredEnvironment, declared: Declared) -> Document | None:
    """Return the Fly half, with outputs among its leaves; None for a product that runs elsewhere."""
    if not desired.fly_apps:
        return None
    return {
        "organization": desired.fly_apps[0].organization,
        "regions": {one.region: one.fly_region for one in desired.topology.fly_regions},
        "apps": {app.key: _app(app, declared.fly_apps[app.name]) for app in desired.fly_apps},
    }


def _app(desired: DesiredFlyApp, app: FlyApp) -> Document:
    return {
        "name": desired.physical_name,
        "hostname": app.hostname,
        "addresses": {kind: address.ip for kind, address in app.addresses.items()},
        "egress": {one.fly_region: app.egress[one.name].ipv4 for one in desired.egress},
        "certificates": {
            hostname: certificate.dns_requirements.apply(_records)
            for hostname, certificate in app.certificates.items()
        },
        "groups": {group.group: _group(group, app) for group in desired.groups},
        "volumes": [volume for group in desired.groups for volume in _volumes(group, app)],
        "secrets": {secret.fly_name: _secret(secret, app) for secret in desired.secrets},
    }


def _group(desired: DesiredMachineGroup, app: FlyApp) -> Document:
    group = app.groups[desired.group]
    return {
        "regions": dict(desired.regions),
        "standby_regions": dict(desired.standby_regions),
        "fallback_regions": list(desired.fallback_regions),
        "owner": desired.owner,
        "strategy": desired.strategy,
        "config": desired.config,
        "config_digest": group.config_digest,
        "image_digest": group.image_digest,
        "machines": group.machines.apply(_machines),
    }


def _machines(found: Sequence[Mapping[str, Any]]) -> list[Document]:
    return [{key: machine[key] for key in _MACHINE} for machine in found]


def _records(needs: DnsRequirements) -> Document:
    challenge, ownership = needs.acme_challenge, needs.ownership
    return {
        "a": needs.a,
        "aaaa": needs.aaaa,
        "cname": needs.cname,
        "acme_challenge": {"name": challenge.name, "target": challenge.target},
        "ownership": {
            "name": ownership.name,
            "app_value": ownership.app_value,
            "org_value": ownership.org_value,
        },
    }


def _volumes(group: DesiredMachineGroup, app: FlyApp) -> list[Document]:
    return [
        {
            "id": app.volumes[volume.name].volume_id,
            "name": volume.volume_name,
            "region": volume.fly_region,
            "group": group.group,
            "size_gib": volume.size_gib,
        }
        for volume in group.volumes
    ]


def _secret(secret: DesiredAppSecret, app: FlyApp) -> Document:
    return {
        "secret": secret.secret,
        "regions": list(secret.regions),
        "template": app.templates[secret.fly_name],
    }
