"""Giving and taking addresses: ingress is stable over regions, egress belongs to one app in one region.

    v4 v6            dedicated; a region makes them answer from there only
    shared_v4        one address for all apps that have it; asking again gives the same
    private_v6       Flycast, in a private network
    egress_v4 egress_v6 egress_pair      a region is required, once per app and region

Sources: Fly's API description (`assignIPRequest`), docs `networking/services`, `networking/egress-ips`.
"""

from __future__ import annotations

from dataclasses import dataclass

from localcloud.fly.ips.pool import SHARED_V4, draw, shortest
from localcloud.fly.model import App, IpAddress
from localcloud.fly.regions import LIVING
from localcloud.fly.wire_error import WireError
from localcloud.fly.world import World

TYPES = ("v4", "v6", "shared_v4", "private_v6", "egress_v4", "egress_v6", "egress_pair")
GLOBAL = "global"
"""The region of an address that answers everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for; empty fields are left to Fly."""

    type: str
    region: str = ""
    network: str = ""
    org_slug: str = ""
    service_name: str = ""


def assign(world: World, app: App, wanted: Wanted) -> tuple[IpAddress, ...]:
    """Give an app an address; two for `egress_pair`.

    Raises:
        WireError: 400 an unknown type or region, 404 no such organisation, 422 it already has one.
    """
    if wanted.type not in TYPES:
        raise WireError(400, f"invalid_argument: type must be one of {', '.join(TYPES)}")
    _check_place(world, app, wanted)
    if wanted.type == "shared_v4":
        found: tuple[IpAddress, ...] = (_shared(world, app),)
    elif wanted.type == "egress_pair":
        found = tuple(_new(world, app, wanted, name) for name in ("egress_v4", "egress_v6"))
    else:
        found = (_new(world, app, wanted, wanted.type),)
    world.changed()
    return found


def release(world: World, app: App, text: str) -> None:
    """Take an address away.

    Raises:
        WireError: 404, the app does not have it.
    """
    address = next((one for one in app.ips if one.ip == shortest(text)), None)
    if address is None:
        raise WireError(404, "not_found: ip address not found")
    app.ips.remove(address)
    world.changed()


def _check_place(world: World, app: App, wanted: Wanted) -> None:
    is_egress = wanted.type.startswith("egress_")
    if is_egress and not wanted.region:
        raise WireError(400, "invalid_argument: egress addresses need a region")
    if wanted.region and wanted.region != GLOBAL and wanted.region not in LIVING:
        raise WireError(400, f"invalid_argument: region {wanted.region[:20]!r} not found")
    if wanted.org_slug and wanted.org_slug not in world.records.organizations:
        raise WireError(404, "organization not found")
    if is_egress and any(_clashes(one, wanted) for one in app.ips):
        raise WireError(422, f"app already has an egress address in region {wanted.region}")


def _clashes(address: IpAddress, wanted: Wanted) -> bool:
    types = {"egress_v4", "egress_v6"} if wanted.type == "egress_pair" else {wanted.type}
    return address.region == wanted.region and address.type in types


def _shared(world: World, app: App) -> IpAddress:
    found = next((one for one in app.ips if one.is_shared), None)
    return found or _keep(world, app, Wanted(type="shared_v4"), "shared_v4", SHARED_V4)


def _new(world: World, app: App, wanted: Wanted, type_name: str) -> IpAddress:
    taken = {one.ip for each in world.apps.values() for one in each.ips}
    return _keep(world, app, wanted, type_name, draw(world.records.ids, type_name, taken))


def _keep(world: World, app: App, wanted: Wanted, type_name: str, ip: str) -> IpAddress:
    is_private = type_name == "private_v6"
    address = IpAddress(
        id=f"ip_{world.records.ids.text(18)}",
        ip=ip,
        type=type_name,
        region=wanted.region or GLOBAL,
        created_at=world.clock.now(),
        network=(wanted.network or app.network) if is_private else "",
        org_slug=(wanted.org_slug or app.org_slug) if is_private else "",
        service_name=wanted.service_name,
    )
    app.ips.append(address)
    return address
