"""Which organisation a request means, and whether its token covers the whole of it."""

from __future__ import annotations

from localcloud.fly.api.route import Call
from localcloud.fly.model import Organization
from localcloud.fly.tokens import EVERYTHING
from localcloud.fly.wire_error import WireError


def the_organization(call: Call, slug: str) -> Organization:
    """Return an organisation by its slug.

    Raises:
        WireError: 404 there is none, 403 the token does not cover it (a deploy token never does).
    """
    organization = call.world.records.organizations.get(slug)
    if organization is None:
        raise WireError(404, "organization not found")
    if call.scope not in {EVERYTHING, f"org:{slug}"}:
        raise WireError(403, f"unauthorized to perform this action on organization {slug}")
    return organization
