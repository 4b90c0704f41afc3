"""Apps: made, looked up, listed and deleted (`/v1/apps`, docs `machines/api/apps-resource`)."""

from __future__ import annotations

import uuid

from lifeboat.fly.client.errors import AppNotFound
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.models.app import App
from lifeboat.fly.client.operation import Operation, Pace, Safety
from lifeboat.fly.client.pages import Listing, collect

LIST = Operation(name="apps.list", method="GET", path="/v1/apps", safety=Safety.READ)
GET = Operation(name="apps.get", method="GET", path="/v1/apps/{app}", safety=Safety.READ)
CREATE = Operation(
    name="apps.create",
    method="POST",
    path="/v1/apps",
    safety=Safety.REPEATABLE_WRITE,
    pace=Pace.NONE,
    timeout_s=90.0,
)
"""Repeatable: every create carries an idempotency key. The documented limits are per app and machine."""
DELETE = Operation(
    name="apps.delete",
    method="DELETE",
    path="/v1/apps/{app}",
    safety=Safety.REPEATABLE_WRITE,
    pace=Pace.APP_DELETE,
)
_ALL = Listing(operation=LIST, model=App, field="apps")


class Apps:
    """The apps a token can see."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def list(self, organization: str) -> tuple[App, ...]:
        """Return every app of an organisation (its slug).

        Raises:
            FlyError: it cannot be read in full.
        """
        return collect(self._http, _ALL, {}, {"org_slug": organization}).items

    def get(self, name: str) -> App:
        """Return one app.

        Raises:
            AppNotFound: there is none, or not yet.
            Forbidden: it belongs to another organisation.
        """
        return self._http.call(GET, {"app": name}).read(App)

    def create(
        self,
        name: str,
        organization: str,
        *,
        network: str | None = None,
        enable_subdomains: bool | None = None,
        idempotency_key: str | None = None,
    ) -> App:
        """Create an app and return it as Fly describes it afterwards.

        Args:
            name: unique among all apps of Fly.
            organization: the slug.
            network: a custom 6PN network; fixed for the app's life.
            enable_subdomains: whether `*.name.fly.dev` resolves.
            idempotency_key: the same key and name give the same app; a fresh one by default.

        Raises:
            NameTaken: an app of this name exists somewhere.
        """
        body = {
            "name": name,
            "org_slug": organization,
            "network": network,
            "enable_subdomains": enable_subdomains,
            "idempotency_key": idempotency_key or uuid.uuid4().hex,
        }
        given = {key: value for key, value in body.items() if value is not None}
        self._http.call(CREATE, params={"wait": True}, body=given)
        return self._appearing(name)

    def delete(self, name: str) -> None:
        """Delete an app with everything in it, in Fly's background; one that does not exist is deleted."""
        try:
            self._http.call(DELETE, {"app": name})
        except AppNotFound:
            return

    def _appearing(self, name: str, deadline_s: float = 60.0) -> App:
        until_s = self._http.clock.monotonic_s() + deadline_s
        while True:
            try:
                return self.get(name)
            except AppNotFound:
                if self._http.clock.monotonic_s() >= until_s:
                    raise
            self._http.clock.sleep(1.0)
