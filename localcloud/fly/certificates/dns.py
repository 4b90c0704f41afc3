"""What the outside world's DNS says about a host name; declared by tests and operators, else assumed.

Nothing declared: the name points at its app once `certificate_step_s` have passed, as if its owner had set
the records meanwhile; a name under `.invalid` never does (RFC 2606). A name that points at an app without a
public address reaches nothing.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from localcloud.fly.model import App, Certificate
from localcloud.fly.world import World


class Points(StrEnum):
    """Where a name leads."""

    HERE = "here"
    """Its A, AAAA or CNAME record leads to the app (for a wildcard, its `_acme-challenge` too)."""
    OWNERSHIP = "ownership"
    """Only the `_fly-ownership` TXT record is set."""
    ELSEWHERE = "elsewhere"
    """It leads to somebody else, or nowhere."""


def declare(world: World, hostname: str, points: Points | None) -> None:
    """Say where a name leads from now on; None goes back to what is assumed."""
    world.records.dns.pop(hostname.lower(), None)
    if points is not None:
        world.records.dns[hostname.lower()] = points.value
    world.changed()


def points_of(world: World, app: App, certificate: Certificate) -> Points:
    """Return where the name of a certificate leads now."""
    declared = world.records.dns.get(certificate.hostname)
    points = Points(declared) if declared else _assumed(world, certificate)
    return Points.ELSEWHERE if points is Points.HERE and not public_addresses(app) else points


def public_addresses(app: App) -> list[str]:
    """Return the ingress addresses of an app, in the order they were given."""
    return [one.ip for one in app.ips if one.type in {"v4", "v6", "shared_v4"}]


def cname_target(app: App) -> str:
    """Return the name that CNAME records of an app point at."""
    return f"{app.id}.{app.name}.fly.dev"


def _assumed(world: World, certificate: Certificate) -> Points:
    if certificate.hostname.endswith(".invalid"):
        return Points.ELSEWHERE
    set_at = certificate.created_at + timedelta(seconds=world.timings.certificate_step_s)
    return Points.HERE if world.clock.now() >= set_at else Points.ELSEWHERE
