"""Apps: create, show, list, delete, and their deploy tokens."""

from __future__ import annotations

from datetime import timedelta

from localcloud.fly.api.app_creation import create
from localcloud.fly.api.app_removal import remove
from localcloud.fly.api.app_wire import app_on_wire
from localcloud.fly.api.cursor import limit_of, page_of
from localcloud.fly.api.lookup import the_app
from localcloud.fly.api.organization_access import the_organization
from localcloud.fly.api.route import Answer, Call, Pace, Route
from localcloud.fly.machines.durations import seconds_of
from localcloud.fly.machines.life import MachineLife
from localcloud.fly.model import App
from localcloud.fly.tokens import mint
from localcloud.fly.wire_error import WireError

_LARGEST_PAGE = 5000
_LONGEST_EXPIRY_S = 20 * 365 * 86_400.0
"""What a token gets that asks for nothing, and the most it can get; flyctl asks for the same."""


def _show(call: Call) -> Answer:
    return Answer(body=app_on_wire(the_app(call), call.world.records.organizations))


def _list(call: Call) -> Answer:
    """List an organisation's apps; without a limit all of them, with one in pages."""
    organization = the_organization(call, call.one("org_slug"))
    limit, cursor = call.one("limit"), call.one("cursor")
    if cursor and not limit:
        raise WireError(400, "invalid_argument: cursor requires limit")
    role = call.one("app_role")
    found: dict[str, App] = {
        app.name: app
        for app in call.world.apps.values()
        if app.org_slug == organization.slug and role in {"", app.role}
    }
    page = page_of(
        found,
        cursor=cursor,
        limit=limit_of(limit, default=max(len(found), 1), highest=_LARGEST_PAGE),
        now=call.world.clock.now(),
        born_at=lambda name: found[name].created_at,
    )
    rows = [app_on_wire(found[name], call.world.records.organizations) for name in page.keys]
    following = {"next_cursor": page.next_cursor} if page.next_cursor else {}
    return Answer(body={"apps": rows, "total_apps": page.total, **following})


def _deploy_token(call: Call) -> Answer:
    app = the_app(call)
    life = timedelta(seconds=_expiry_s(call.fields().get("expiry")))
    records = call.world.records
    text = mint(records.ids, records.tokens, f"app:{app.name}", call.world.clock.now() + life)
    call.world.changed()
    return Answer(body={"token": text})


def _expiry_s(text: object) -> float:
    try:
        return min(seconds_of(text, _LONGEST_EXPIRY_S), _LONGEST_EXPIRY_S)
    except ValueError as error:
        raise WireError(400, "invalid_argument: invalid expiry") from error


def routes(life: MachineLife) -> tuple[Route, ...]:
    """Return the operations on apps; deleting one ends its machines."""

    def delete(call: Call) -> Answer:
        remove(call.world, life, the_app(call))
        return Answer(status=202)

    return (
        Route(method="GET", path="/v1/apps", operation_id="Apps_list", handler=_list),
        Route(method="POST", path="/v1/apps", operation_id="Apps_create", handler=create),
        Route(method="GET", path="/v1/apps/{app_name}", operation_id="Apps_show", handler=_show),
        Route(
            method="DELETE",
            path="/v1/apps/{app_name}",
            operation_id="Apps_delete",
            handler=delete,
            pace=Pace.APP_DELETE,
        ),
        Route(
            method="POST",
            path="/v1/apps/{app_name}/deploy_token",
            operation_id="App_create_deploy_token",
            handler=_deploy_token,
        ),
    )
