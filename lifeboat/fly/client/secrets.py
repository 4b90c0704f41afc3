"""Secrets of an app: set and removed in one atomic batch (`/v1/apps/{app}/secrets`).

Values reach machines at their next update or start only, so whoever sets them updates the machines next, with
`min_secrets_version`. Values go out once, in a request body, and come back only from `reveal`.
"""

from __future__ import annotations

from collections.abc import Mapping

from lifeboat.core.secret import Secret
from lifeboat.fly.client.errors import InvalidRequest, NotFound
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.models.secret import AppSecret, SecretsVersion, SecretsWritten
from lifeboat.fly.client.operation import Operation, Safety
from lifeboat.fly.client.pages import Listing, collect

_ALL = "/v1/apps/{app}/secrets"
LIST = Operation(name="secrets.list", method="GET", path=_ALL, safety=Safety.READ)
SET = Operation(
    name="secrets.set", method="POST", path=_ALL, safety=Safety.REPEATABLE_WRITE, sends_secrets=True
)
"""Repeatable: the same batch twice is the same values under a higher version."""
DELETE = Operation(
    name="secrets.delete", method="DELETE", path=f"{_ALL}/{{secret}}", safety=Safety.REPEATABLE_WRITE
)
_LISTING = Listing(operation=LIST, model=AppSecret, field="secrets")


class Secrets:
    """The secrets of apps."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def list(self, app: str, *, min_version: int | None = None) -> tuple[AppSecret, ...]:
        """Return names and digests, never values.

        Args:
            app: the app's name.
            min_version: refuse an answer older than this secrets version.

        Raises:
            PreconditionFailed: Fly does not know that version yet.
        """
        return collect(self._http, _LISTING, {"app": app}, {"min_version": min_version}).items

    def reveal(self, app: str, *, min_version: int | None = None) -> dict[str, Secret]:
        """Return the values by name; for a token that may read them, and for nothing but a deliberate need.

        Raises:
            Forbidden: the token may not read values.
        """
        params = {"min_version": min_version, "show_secrets": True}
        found = collect(self._http, _LISTING, {"app": app}, params).items
        return {secret.name: secret.value for secret in found if secret.value is not None}

    def set_many(self, app: str, values: Mapping[str, Secret | None]) -> SecretsVersion:
        """Set some secrets and remove others, all at once or not at all.

        Args:
            app: the app's name.
            values: by name; None removes.

        Returns:
            The new version, and the digests of what was set.

        Raises:
            InvalidRequest: the batch is empty, or Fly does not accept a name.
        """
        if not values:
            raise InvalidRequest(f"secrets of app {app}: a batch without a secret changes nothing")
        body = {"values": {name: value.reveal() if value else None for name, value in values.items()}}
        written = self._http.call(SET, {"app": app}, body=body).read(SecretsWritten)
        digests = {secret.name: secret.digest for secret in written.secrets}
        wanted = [name for name, value in values.items() if value is not None]
        if any(not digests.get(name) for name in wanted):
            digests = {secret.name: secret.digest for secret in self.list(app, min_version=written.version)}
        return SecretsVersion(
            version=written.version, digests={name: digests.get(name, "") for name in sorted(wanted)}
        )

    def delete(self, app: str, name: str) -> int | None:
        """Remove one secret and return the new version; None when there was no such secret."""
        try:
            return self._http.call(DELETE, {"app": app, "secret": name}).read(SecretsWritten).version
        except NotFound:
            return None
