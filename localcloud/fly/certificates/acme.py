"""Certificates by ACME, one step at a time: ownership, validation, issue, renewal.

    pending_ownership ─ DNS ─► pending_validation ─ issue ─► active ─ 60 days ─► renewed
                                     └── too many issued this week: not before `rate_limited_until`

The authority is modelled on Let's Encrypt: certificates of 90 days, at most five new ones for the same name
in seven days, whatever app asks and however often it is removed and added again (renewals are not counted).
Fly looks again by itself, ever less often, up to hourly; a check looks at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from localcloud.fly.certificates.dns import Points, points_of
from localcloud.fly.model import App, Certificate
from localcloud.fly.world import World

LIFE = timedelta(days=90)
RENEW_AFTER = timedelta(days=60)
WINDOW = timedelta(days=7)
MOST_IN_WINDOW = 5
_SLOWEST_LOOK_S = 3600.0


def start(world: World, app: App, certificate: Certificate) -> None:
    """Begin an order, or look for the ownership of an imported certificate."""
    _plan_look(world, app, certificate, world.timings.certificate_step_s)


def resume(world: World) -> None:
    """Go on, after a restart, with everything pending and every renewal."""
    for app in world.apps.values():
        for certificate in app.certificates.values():
            if certificate.issued_at is None or not certificate.ownership_configured:
                start(world, app, certificate)
            else:
                _plan_renewal(world, app, certificate)


def look(world: World, app: App, certificate: Certificate) -> None:
    """Look at DNS, note what it says, and order what can be issued."""
    points = points_of(world, app, certificate)
    certificate.dns_configured = points is Points.HERE
    # Ownership, once proven, stays proven.
    certificate.ownership_configured |= points is not Points.ELSEWHERE
    certificate.updated_at = world.clock.now()
    if _may_order(certificate):
        certificate.rate_limited_until = _limited_until(world, certificate)
        if certificate.rate_limited_until is None:
            world.timeline.after(world.timings.certificate_step_s, lambda: _issue(world, app, certificate))
    world.changed()


def _may_order(certificate: Certificate) -> bool:
    return certificate.acme_requested and certificate.dns_configured and certificate.issued_at is None


def _plan_look(world: World, app: App, certificate: Certificate, delay_s: float) -> None:
    def again() -> None:
        if not _is_there(world, app, certificate):
            return
        look(world, app, certificate)
        waits_for_issue = certificate.acme_requested and certificate.issued_at is None
        if waits_for_issue or not certificate.ownership_configured:
            _plan_look(world, app, certificate, min(2 * delay_s, _SLOWEST_LOOK_S))

    world.timeline.after(delay_s, again)


def _issue(world: World, app: App, certificate: Certificate) -> None:
    if not (_is_there(world, app, certificate) and _may_order(certificate)):
        return
    if _limited_until(world, certificate) is not None:
        return
    now = world.clock.now()
    world.records.acme_orders.setdefault(certificate.hostname, []).append(now)
    certificate.requested_at.append(now)
    _grant(world, app, certificate, now)


def _grant(world: World, app: App, certificate: Certificate, now: datetime) -> None:
    certificate.issued_at = certificate.updated_at = now
    certificate.expires_at = now + LIFE
    certificate.rate_limited_until = None
    _plan_renewal(world, app, certificate)
    world.changed()


def _plan_renewal(world: World, app: App, certificate: Certificate) -> None:
    issued_at = certificate.issued_at
    if issued_at is None:
        return

    def renew() -> None:
        if not _is_there(world, app, certificate) or certificate.issued_at != issued_at:
            return
        look(world, app, certificate)
        if certificate.dns_configured:
            _grant(world, app, certificate, world.clock.now())
        else:
            world.timeline.after(_SLOWEST_LOOK_S, renew)

    due_in = issued_at + RENEW_AFTER - world.clock.now()
    world.timeline.after(max(0.0, due_in.total_seconds()), renew)


def _limited_until(world: World, certificate: Certificate) -> datetime | None:
    since = world.clock.now() - WINDOW
    recent = [at for at in world.records.acme_orders.get(certificate.hostname, []) if at > since]
    return recent[-MOST_IN_WINDOW] + WINDOW if len(recent) >= MOST_IN_WINDOW else None


def _is_there(world: World, app: App, certificate: Certificate) -> bool:
    kept = world.apps.get(app.name)
    return kept is not None and kept.certificates.get(certificate.hostname) is certificate
