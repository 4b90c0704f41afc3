"""GET /v1/tokens/current: what the caller's token stands for. Its siblings need real macaroons: 501."""

from __future__ import annotations

from typing import Any

from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.model import Organization
from localcloud.fly.tokens import EVERYTHING


def _current(call: Call) -> Answer:
    kind, _, name = call.scope.partition(":")
    organizations = call.world.records.organizations
    if call.scope == EVERYTHING:
        rows = [_row(call, organization) for organization in organizations.values()]
    elif kind == "org":
        rows = [_row(call, organizations[name])]
    else:
        app = call.world.apps.get(name)
        rows = [_row(call, organizations[app.org_slug]) | {"apps": [name]}] if app else []
    return Answer(body={"tokens": rows})


def _row(call: Call, organization: Organization) -> dict[str, Any]:
    return {
        "token_id": call.caller.partition("@")[0],
        "organization": str(organization.internal_numeric_id),
        "org_slug": organization.slug,
        "apps": [],
        "user": call.caller if call.scope == EVERYTHING else "",
    }


ROUTES = (Route(method="GET", path="/v1/tokens/current", operation_id="CurrentToken_show", handler=_current),)
