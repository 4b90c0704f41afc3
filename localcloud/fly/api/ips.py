"""Addresses of an app: list, assign, release; what they mean is `localcloud/fly/ips`."""

from __future__ import annotations

from typing import Any

from localcloud.fly.api.lookup import the_app
from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.ips.assign import Wanted, assign, release
from localcloud.fly.model import IpAddress
from localcloud.fly.volumes.wire import moment


def _list(call: Call) -> Answer:
    return Answer(body={"ips": [_shown(address) for address in the_app(call).ips]})


def _create(call: Call) -> Answer:
    app, fields = the_app(call), call.fields()
    names = ("type", "region", "network", "org_slug", "service_name")
    wanted = Wanted(**{name: str(fields.get(name) or "") for name in names})
    found = assign(call.world, app, wanted)
    if wanted.type == "egress_pair":
        v4, v6 = found
        return Answer(body=_shown(v4) | {"ip": None, "ip_pair": {"v4": v4.ip, "v6": v6.ip}})
    return Answer(body=_shown(found[0]))


def _delete(call: Call) -> Answer:
    release(call.world, the_app(call), call.path["ip"])
    return Answer(status=204)


def _shown(address: IpAddress) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ip": address.ip,
        "region": address.region,
        "shared": address.is_shared,
        "egress": address.is_egress,
        "service_name": address.service_name,
        "created_at": moment(address.created_at),
    }
    if address.type == "private_v6":
        network = "" if address.network == "default" else address.network
        found["network"] = {"name": network, "org_slug": address.org_slug}
    return found


ROUTES = (
    Route(
        method="GET",
        path="/v1/apps/{app_name}/ip_assignments",
        operation_id="App_IPAssignments_list",
        handler=_list,
    ),
    Route(
        method="POST",
        path="/v1/apps/{app_name}/ip_assignments",
        operation_id="App_IPAssignments_create",
        handler=_create,
    ),
    Route(
        method="DELETE",
        path="/v1/apps/{app_name}/ip_assignments/{ip}",
        operation_id="App_IPAssignments_delete",
        handler=_delete,
    ),
)
