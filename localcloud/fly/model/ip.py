"""Addresses of apps: ingress (stable over regions) and egress (per app and region)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True, kw_only=True)
class IpAddress:
    """An assigned address; `type` is the API's: v4, v6, shared_v4, private_v6, egress_v4, egress_v6."""

    id: str
    ip: str
    type: str
    region: str
    created_at: datetime
    network: str = ""
    org_slug: str = ""
    service_name: str = ""

    @property
    def is_egress(self) -> bool:
        """Whether it is an address that machines call out from."""
        return self.type.startswith("egress_")

    @property
    def is_shared(self) -> bool:
        """Whether other apps answer at the same address."""
        return self.type == "shared_v4"
