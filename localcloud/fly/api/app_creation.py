"""POST /v1/apps: names are global, and an idempotency key makes a retry safe.

Same key and same name (or none) answer the first app again; same key and another name are rejected; without
a key a second create is `name_taken`. Source: the description of CreateAppRequest.
"""

from __future__ import annotations

from localcloud.fly.api.app_names import check_name, invented_name
from localcloud.fly.api.app_wire import app_on_wire
from localcloud.fly.api.organization_access import the_organization
from localcloud.fly.api.route import Answer, Call
from localcloud.fly.model import App
from localcloud.fly.wire_error import WireError

DEFAULT_NETWORK = "default"


def create(call: Call) -> Answer:
    """Create an app, or return the one an earlier try created.

    Raises:
        WireError: 400 no organisation, 403 or 404 the organisation, 422 the name.
    """
    fields = call.fields()
    slug = fields.get("org_slug") or ""
    if not slug:
        raise WireError(400, "invalid_argument: org_slug is required")
    the_organization(call, slug)
    name, key = fields.get("name") or "", fields.get("idempotency_key") or ""
    app = _earlier(call, slug, name, key) or _new(call, slug, name, key)
    body = {"id": app.id, "created_at": int(app.created_at.timestamp() * 1000)}
    if call.flag("wait"):
        body |= app_on_wire(app, call.world.records.organizations)
    return Answer(body=body, status=201)


def _earlier(call: Call, slug: str, name: str, key: str) -> App | None:
    if not key:
        return None
    same = (app for app in call.world.apps.values() if app.idempotency_key == key and app.org_slug == slug)
    app = next(same, None)
    if app is not None and name not in {"", app.name}:
        raise WireError(422, "Validation failed: Idempotency key was already used with a different name")
    return app


def _new(call: Call, slug: str, name: str, key: str) -> App:
    world, fields = call.world, call.fields()
    ids = world.records.ids
    if name:
        check_name(name)
    name = name or invented_name(ids)
    if name in world.apps:
        raise WireError(422, "Validation failed: Name has already been taken", code="name_taken")
    app = App(
        id=ids.text(14),
        name=name,
        internal_numeric_id=1_000_000 + ids.number(8_000_000),
        org_slug=slug,
        network=fields.get("network") or DEFAULT_NETWORK,
        created_at=world.clock.now(),
        role=_role(fields.get("app_role_id")),
        enable_subdomains=bool(fields.get("enable_subdomains")),
        idempotency_key=key,
    )
    world.apps[name] = app
    world.changed()
    return app


def _role(role_id: object) -> str:
    return role_id if isinstance(role_id, str) else ""
