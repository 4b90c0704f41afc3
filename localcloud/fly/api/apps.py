"""Apps: create, show, list, delete, and their deploy tokens."""

from __future__ import annotations

from typing import Any

from localcloud.fly.api.lookup import may_see, the_app
from localcloud.fly.api.route import Answer, Call, Pace, Route
from localcloud.fly.model import App, Organization
from localcloud.fly.tokens import mint
from localcloud.fly.wire_error import WireError


def show(call: Call) -> Answer:
    """GET /v1/apps/{app_name}."""
    return Answer(body=app_on_wire(the_app(call), call.world.records.organizations))


def app_on_wire(app: App, organizations: dict[str, Organization]) -> dict[str, Any]:
    """Return the `App` of the API, with what fly-go reads beside it (`cname_target`, `app_role`)."""
    organization = organizations[app.org_slug]
    return {
        "id": app.id,
        "name": app.name,
        "internal_numeric_id": app.internal_numeric_id,
        "machine_count": sum(machine.state.is_live for machine in app.machines.values()),
        "volume_count": sum(volume.destroyed_at is None for volume in app.volumes.values()),
        "network": app.network,
        "status": "deployed" if app.machines else "pending",
        "organization": {
            "name": organization.name,
            "slug": organization.slug,
            "internal_numeric_id": organization.internal_numeric_id,
        },
        "cname_target": f"{app.id}.{app.name}.fly.dev",
        "app_role": app.role,
    }


def create(call: Call) -> Answer:
    """POST /v1/apps."""
    fields = call.fields()
    name, slug = str(fields.get("name") or ""), str(fields.get("org_slug") or "")
    world = call.world
    if slug not in world.records.organizations:
        raise WireError(404, "organization not found")
    if name in world.apps:
        raise WireError(422, "Validation failed: Name has already been taken", code="name_taken")
    ids = world.records.ids
    world.apps[name] = app = App(
        id=ids.text(14),
        name=name,
        internal_numeric_id=1_000_000 + ids.number(8_000_000),
        org_slug=slug,
        network=str(fields.get("network") or "default"),
        created_at=world.clock.now(),
    )
    world.changed()
    body = {"id": app.id, "created_at": int(app.created_at.timestamp() * 1000)}
    if call.flag("wait"):
        body |= app_on_wire(app, world.records.organizations)
    return Answer(body=body, status=201)


def list_all(call: Call) -> Answer:
    """GET /v1/apps."""
    slug = call.one("org_slug")
    apps = [app for app in call.world.apps.values() if app.org_slug == slug and may_see(call.scope, app)]
    rows = [app_on_wire(app, call.world.records.organizations) for app in apps]
    return Answer(body={"apps": rows, "total_apps": len(rows)})


def delete(call: Call) -> Answer:
    """DELETE /v1/apps/{app_name}."""
    app = the_app(call)
    del call.world.apps[app.name]
    call.world.changed()
    return Answer(status=202)


def deploy_token(call: Call) -> Answer:
    """POST /v1/apps/{app_name}/deploy_token."""
    app = the_app(call)
    text = mint(call.world.records.ids, call.world.records.tokens, f"app:{app.name}")
    call.world.changed()
    return Answer(body={"token": text})


ROUTES = (
    Route(method="GET", path="/v1/apps", operation_id="Apps_list", handler=list_all),
    Route(method="POST", path="/v1/apps", operation_id="Apps_create", handler=create),
    Route(method="GET", path="/v1/apps/{app_name}", operation_id="Apps_show", handler=show),
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
        handler=deploy_token,
    ),
)
