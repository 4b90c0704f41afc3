"""Certificates of host names: requested, validated step by step, issued, renewed or failed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True, kw_only=True)
class Certificate:
    """A host name of an app and what stands behind it.

    Args:
        source: `fly` for ACME, `custom` for an imported one.
        dns_configured: whether the DNS of the host name points at the app, as far as Fly has seen.
        requested_at: moments of the ACME orders, for the rate limit.
        rate_limited_until: no new order before this moment.
        issued_at: None while it is pending.
        fullchain: PEM of an imported certificate; its key is never kept.
    """

    id: str
    hostname: str
    source: str
    created_at: datetime
    updated_at: datetime
    acme_requested: bool = False
    dns_configured: bool = False
    ownership_configured: bool = False
    requested_at: list[datetime] = field(default_factory=list)
    rate_limited_until: datetime | None = None
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    custom_expires_at: datetime | None = None
    fullchain: str = ""
