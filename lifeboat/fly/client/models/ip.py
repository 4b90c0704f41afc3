"""Addresses of apps as the Machines API gives them; their kind is not in the answer and is read off them."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import ip_address, ip_network

from pydantic import Field

from lifeboat.fly.client.models.sparse import Moment, Sparse

_PRIVATE = ip_network("fdaa::/16")


class IpType(StrEnum):
    """What can be asked for (`IPAssignmentType`)."""

    V4 = "v4"
    V6 = "v6"
    SHARED_V4 = "shared_v4"
    PRIVATE_V6 = "private_v6"
    EGRESS_V4 = "egress_v4"
    EGRESS_V6 = "egress_v6"
    EGRESS_PAIR = "egress_pair"


class IpPair(Sparse):
    """Two egress addresses made together."""

    v4: str = ""
    v6: str = ""


class IpNetwork(Sparse):
    """The network a private address lives in; an empty name is the organisation's own."""

    name: str = ""
    org_slug: str = ""


class IpAssignment(Sparse):
    """An address of an app; ingress addresses have no region and survive a failover unchanged.

    Args:
        ip: empty when a pair was asked for.
        ip_pair: only in the answer to a pair.
        region: of an egress address.
        shared: whether other apps answer at it too.
    """

    ip: str = ""
    ip_pair: IpPair | None = None
    region: str = ""
    egress: bool = False
    shared: bool = False
    service_name: str = ""
    network: IpNetwork = Field(default_factory=IpNetwork)
    created_at: Moment = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """The address, or both of a pair, IPv4 first."""
        pair = (self.ip_pair.v4, self.ip_pair.v6) if self.ip_pair else ()
        return tuple(address for address in (self.ip, *pair) if address)

    @property
    def type(self) -> IpType | None:
        """The kind, read off the address; None for what is no address."""
        if self.ip_pair:
            return IpType.EGRESS_PAIR
        try:
            address = ip_address(self.ip)
        except ValueError:
            return None
        is_v4 = address.version == 4  # noqa: PLR2004  # IPv4
        if self.egress:
            return IpType.EGRESS_V4 if is_v4 else IpType.EGRESS_V6
        if is_v4:
            return IpType.SHARED_V4 if self.shared else IpType.V4
        return IpType.PRIVATE_V6 if address in _PRIVATE else IpType.V6
