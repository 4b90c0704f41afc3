"""Certificates of host names: asked for, imported, checked, removed (`/v1/apps/{app}/certificates`).

To repair one, check it: removing and adding again spends the certificate authority's rate limit. A private
key goes out once, in a request body, and is never read back.
"""

from __future__ import annotations

from lifeboat.core.secret import Secret
from lifeboat.fly.client.errors import FlyError, InvalidRequest, NameTaken, NotFound, WaitTimeout
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.models.certificate import ACTIVE, CertificateDetail, CertificateSummary
from lifeboat.fly.client.operation import Operation, Safety
from lifeboat.fly.client.pages import Listing, collect
from lifeboat.fly.client.repeating import is_ambiguous

_ALL = "/v1/apps/{app}/certificates"
_ONE = f"{_ALL}/{{hostname}}"
LIST = Operation(name="certificates.list", method="GET", path=_ALL, safety=Safety.READ)
GET = Operation(name="certificates.get", method="GET", path=_ONE, safety=Safety.READ)
REQUEST = Operation(
    name="certificates.request_acme", method="POST", path=f"{_ALL}/acme", safety=Safety.CREATE, timeout_s=60.0
)
IMPORT = Operation(
    name="certificates.import_custom",
    method="POST",
    path=f"{_ALL}/custom",
    safety=Safety.REPEATABLE_WRITE,
    timeout_s=60.0,
    sends_secrets=True,
)
CHECK = Operation(
    name="certificates.check",
    method="POST",
    path=f"{_ONE}/check",
    safety=Safety.REPEATABLE_WRITE,
    timeout_s=60.0,
)
DELETE = Operation(name="certificates.delete", method="DELETE", path=_ONE, safety=Safety.REPEATABLE_WRITE)
DELETE_CUSTOM = Operation(
    name="certificates.delete_custom",
    method="DELETE",
    path=f"{_ONE}/custom",
    safety=Safety.REPEATABLE_WRITE,
)
_LISTING = Listing(operation=LIST, model=CertificateSummary, field="certificates")
_PAGE = 100
_POLL_S = 10.0


class Certificates:
    """The host names of apps."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def list(self, app: str, *, containing: str | None = None) -> tuple[CertificateSummary, ...]:
        """Return the host names of an app, all of them or those that contain a text."""
        return collect(self._http, _LISTING, {"app": app}, {"filter": containing, "limit": _PAGE}).items

    def get(self, app: str, hostname: str) -> CertificateDetail:
        """Return what stands for a host name, as of Fly's last check.

        Raises:
            NotFound: the app does not have it.
        """
        return self._http.call(GET, _path(app, hostname)).read(CertificateDetail)

    def request_acme(self, app: str, hostname: str) -> CertificateDetail:
        """Add a host name and let Fly get a certificate; one the app already has is returned as it is.

        Raises:
            NameTaken, InvalidRequest: another app has it, or it is no host name.
        """
        try:
            return self._http.call(REQUEST, {"app": app}, body={"hostname": hostname}).read(CertificateDetail)
        except FlyError as error:
            if not (isinstance(error, NameTaken | InvalidRequest) or is_ambiguous(error)):
                raise
            try:
                return self.get(app, hostname)
            except NotFound:
                raise error from None

    def import_custom(
        self, app: str, hostname: str, *, fullchain: str, private_key: Secret
    ) -> CertificateDetail:
        """Add or replace an own certificate.

        Args:
            app: the app's name.
            hostname: the host name.
            fullchain: PEM, the host's certificate first.
            private_key: PEM.

        Raises:
            InvalidRequest: Fly does not accept the pair.
        """
        body = {"hostname": hostname, "fullchain": fullchain, "private_key": private_key.reveal()}
        return self._http.call(IMPORT, {"app": app}, body=body).read(CertificateDetail)

    def check(self, app: str, hostname: str) -> CertificateDetail:
        """Let Fly look at the DNS again and go on with what it waits for; changes nothing that stands."""
        return self._http.call(CHECK, _path(app, hostname)).read(CertificateDetail)

    def wait_active(self, app: str, hostname: str, *, deadline_s: float = 600.0) -> CertificateDetail:
        """Check until the certificate is active.

        Raises:
            WaitTimeout: it was not in time; the error says what is missing.
        """
        until_s = self._http.clock.monotonic_s() + deadline_s
        while (detail := self.check(app, hostname)).status != ACTIVE:
            if self._http.clock.monotonic_s() >= until_s:
                reasons = "; ".join(problem.message for problem in detail.validation_errors)
                raise WaitTimeout(
                    f"certificate {hostname} of app {app} is still {detail.status or 'unknown'}: "
                    f"{reasons or 'no reason given'}"
                )
            self._http.clock.sleep(_POLL_S)
        return detail

    def delete(self, app: str, hostname: str) -> None:
        """Remove a host name with all its certificates; one the app does not have is removed."""
        self._remove(DELETE, app, hostname)

    def delete_custom(self, app: str, hostname: str) -> None:
        """Remove the imported certificate and keep the host name with what Fly has for it."""
        self._remove(DELETE_CUSTOM, app, hostname)

    def _remove(self, operation: Operation, app: str, hostname: str) -> None:
        try:
            self._http.call(operation, _path(app, hostname))
        except NotFound:
            return


def _path(app: str, hostname: str) -> dict[str, str]:
    return {"app": app, "hostname": hostname}
