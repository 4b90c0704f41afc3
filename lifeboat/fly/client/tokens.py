"""What the own token may do, and tokens for one app (`/v1/tokens`, `/v1/apps/{app}/deploy_token`)."""

from __future__ import annotations

from lifeboat.core.secret import Secret
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.models.sparse import Sparse
from lifeboat.fly.client.operation import Operation, Pace, Safety

CURRENT = Operation(
    name="tokens.current", method="GET", path="/v1/tokens/current", safety=Safety.READ, pace=Pace.NONE
)
DEPLOY = Operation(
    name="tokens.deploy_token", method="POST", path="/v1/apps/{app}/deploy_token", safety=Safety.CREATE
)


class TokenScope(Sparse):
    """One token of the request: for whom and for what it stands; never its text.

    Args:
        apps: names of the apps it is limited to; empty when it is limited to none.
    """

    token_id: str = ""
    organization: str = ""
    org_slug: str = ""
    apps: tuple[str, ...] = ()
    user: str = ""
    restricted_to_machine: str = ""
    source_machine_id: str = ""


class Tokens:
    """The tokens of Fly."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def current(self) -> tuple[TokenScope, ...]:
        """Return what the client's own tokens may do.

        Raises:
            Unauthorized: none is valid, or Fly cannot verify any at the moment.
        """
        answer = self._http.call(CURRENT)
        return tuple(answer.read(TokenScope, one) for one in answer.items("tokens"))

    def deploy_token(self, app: str, *, expiry: str) -> Secret:
        """Make a token for one app; Fly shows it once and cannot list or revoke it by this client.

        Args:
            app: the app's name.
            expiry: a length such as `24h`.

        Raises:
            ProtocolError: the answer holds no token.
        """
        answer = self._http.call(DEPLOY, {"app": app}, body={"expiry": expiry})
        token = answer.fields().get("token")
        if not isinstance(token, str) or not token:
            raise answer.surprise("holds no token")
        return Secret(token)
