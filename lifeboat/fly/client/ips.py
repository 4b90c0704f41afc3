"""Addresses of apps: ingress, private and egress (`/v1/apps/{app}/ip_assignments`).

An allocation has no key of its own; after one whose answer got lost, exactly one new address of the same
kind and region is adopted. Egress addresses take minutes to carry traffic (docs `networking/egress-ips`).
"""

from __future__ import annotations

from collections.abc import Mapping

from lifeboat.fly.client.adopting import Undecidable, adopt, the_new_one
from lifeboat.fly.client.errors import FlyError, NotFound
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.models.ip import IpAssignment, IpPair, IpType
from lifeboat.fly.client.operation import Operation, Safety
from lifeboat.fly.client.pages import Listing, collect

_ALL = "/v1/apps/{app}/ip_assignments"
LIST = Operation(name="ips.list", method="GET", path=_ALL, safety=Safety.READ)
ALLOCATE = Operation(name="ips.allocate", method="POST", path=_ALL, safety=Safety.CREATE, timeout_s=60.0)
RELEASE = Operation(
    name="ips.release", method="DELETE", path=f"{_ALL}/{{ip}}", safety=Safety.REPEATABLE_WRITE
)
_LISTING = Listing(operation=LIST, model=IpAssignment, field="ips")


class Ips:
    """The addresses of apps."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def list(self, app: str) -> tuple[IpAssignment, ...]:
        """Return every address of an app; an egress pair is two of them."""
        return collect(self._http, _LISTING, {"app": app}).items

    def allocate(
        self,
        app: str,
        kind: IpType,
        *,
        region: str | None = None,
        network: Mapping[str, str] | None = None,
        service_name: str | None = None,
    ) -> IpAssignment:
        """Give an app an address.

        Args:
            app: the app's name.
            kind: what to allocate.
            region: for egress addresses, which belong to one region, and for dedicated IPv4.
            network: for private addresses: `network` (the 6PN's name) and `org_slug`.
            service_name: for service addresses.

        Returns:
            The address; for a pair, `ip_pair` and `addresses` hold both.

        Raises:
            UnknownOutcome: the answer got lost and several addresses could be the one.
        """
        wish = {"type": kind.value, "region": region, "service_name": service_name, **(network or {})}
        body = {key: value for key, value in wish.items() if value is not None}
        known = frozenset(one.ip for one in self.list(app))
        try:
            return self._http.call(ALLOCATE, {"app": app}, body=body).read(IpAssignment)
        except FlyError as error:
            lost = error
        return adopt(
            self._http.clock,
            f"{kind.value} of app {app}",
            lost,
            lambda: self._fresh(app, kind, region, known),
        )

    def release(self, app: str, ip: str) -> None:
        """Take an address away; one that the app does not have is released."""
        try:
            self._http.call(RELEASE, {"app": app, "ip": ip})
        except NotFound:
            return

    def _fresh(
        self, app: str, kind: IpType, region: str | None, known: frozenset[str]
    ) -> IpAssignment | None:
        now = self.list(app)
        if known - {one.ip for one in now}:
            raise Undecidable("the list misses addresses that were there before")
        if kind is IpType.SHARED_V4:
            # An app has one shared address: asking again gives the same, so an old one is the answer too.
            return _the_fresh_one(now, kind, region, frozenset())
        if kind is not IpType.EGRESS_PAIR:
            return _the_fresh_one(now, kind, region, known)
        v4 = _the_fresh_one(now, IpType.EGRESS_V4, region, known)
        v6 = _the_fresh_one(now, IpType.EGRESS_V6, region, known)
        if v4 is None and v6 is None:
            return None
        if v4 is None or v6 is None:
            raise Undecidable("only one address of the pair is there")
        return v4.model_copy(update={"ip": "", "ip_pair": IpPair(v4=v4.ip, v6=v6.ip)})


def _the_fresh_one(
    now: tuple[IpAssignment, ...], kind: IpType, region: str | None, known: frozenset[str]
) -> IpAssignment | None:
    fitting = [one for one in now if one.type is kind and region in (None, one.region)]
    return the_new_one(fitting, known, lambda one: one.ip, kind.value)
