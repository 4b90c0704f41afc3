"""Who executes a query on what: the world, and only what the token may see of it.

GraphQL says `Could not find App` both for an app that is not there and for one that is somebody else's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import GraphQLError

from localcloud.fly.api.lookup import may_see
from localcloud.fly.model import App, Organization
from localcloud.fly.tokens import Identity
from localcloud.fly.world import World


def not_found(message: str) -> GraphQLError:
    """Return the error of an object that is not there."""
    return GraphQLError(message, extensions={"code": "NOT_FOUND"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """One request's view."""

    world: World
    identity: Identity

    def apps(self) -> Iterator[App]:
        """Yield the apps that may be seen."""
        return (app for app in self.world.apps.values() if may_see(self.identity.scope, app))

    def app(self, key: str) -> App:
        """Return an app by its name, or by its id as mutations may name it.

        Raises:
            GraphQLError: NOT_FOUND.
        """
        for app in self.apps():
            if key in {app.name, app.id, str(app.internal_numeric_id)}:
                return app
        raise not_found("Could not find App")

    def organizations(self) -> Iterator[Organization]:
        """Yield the organisations the token covers; a deploy token sees that of its app."""
        seen = {app.org_slug for app in self.apps()} if self.identity.is_app else set()
        for organization in self.world.records.organizations.values():
            if organization.slug in seen or self.identity.covers_organization(organization.slug):
                yield organization
