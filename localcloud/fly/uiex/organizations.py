"""Organisations as uiex shows them; its ids are those of GraphQL too."""

from __future__ import annotations

import hashlib
from typing import Any

from localcloud.fly.api.organization_access import the_organization
from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.model import Organization
from localcloud.fly.tokens import EVERYTHING

_ID_LENGTH = 16


def organization_id(organization: Organization) -> str:
    """Return the opaque id of an organisation."""
    return hashlib.sha256(f"organization:{organization.slug}".encode()).hexdigest()[:_ID_LENGTH]


def _list(call: Call) -> Answer:
    seen = {app.org_slug for app in call.world.apps.values() if call.scope == f"app:{app.name}"}
    rows = [
        _shown(one)
        for one in call.world.records.organizations.values()
        if call.scope in {EVERYTHING, f"org:{one.slug}"} or one.slug in seen
    ]
    return Answer(body={"organizations": rows})


def _get(call: Call) -> Answer:
    return Answer(body={"organization": _shown(the_organization(call, call.path["org_slug"]))})


def _shown(organization: Organization) -> dict[str, Any]:
    return {
        "id": organization_id(organization),
        "internal_numeric_id": organization.internal_numeric_id,
        "slug": organization.slug,
        "raw_slug": organization.slug,
        "name": organization.name,
        "personal": organization.slug == "personal",
        "paid_plan": True,
        "billable": True,
        "billing_status": "CURRENT",
        "provisions_beta_extensions": False,
        "remote_builder_image": "",
    }


ROUTES = (
    Route(method="GET", path="/api/v1/organizations", operation_id="uiex_organizations", handler=_list),
    Route(
        method="GET",
        path="/api/v1/organizations/{org_slug}",
        operation_id="uiex_organization",
        handler=_get,
    ),
)
