"""Certificates in the API's forms (`CertificateSummary`, `CertificateDetail`, `CertificateCheckResponse`)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from localcloud.fly.certificates.dns import Points, cname_target, points_of, public_addresses
from localcloud.fly.model import App, Certificate
from localcloud.fly.volumes.wire import moment
from localcloud.fly.world import World

ACTIVE, PENDING_OWNERSHIP, PENDING_VALIDATION = "active", "pending_ownership", "pending_validation"


def summary_json(certificate: Certificate, now: datetime) -> dict[str, Any]:
    """Return a row of the list."""
    validation = _validation(certificate)
    return {
        "hostname": certificate.hostname,
        "status": status_of(certificate, now),
        "configured": certificate.dns_configured,
        "acme_requested": certificate.acme_requested,
        "acme_alpn_configured": validation["alpn_configured"],
        "acme_http_configured": validation["http_configured"],
        "acme_dns_configured": validation["dns_configured"],
        "ownership_txt_configured": validation["ownership_txt_configured"],
        "has_custom_certificate": bool(certificate.fullchain),
        "has_fly_certificate": certificate.issued_at is not None,
        "dns_provider": "",
        "created_at": moment(certificate.created_at),
        "updated_at": moment(certificate.updated_at),
    }


def detail_json(world: World, app: App, certificate: Certificate) -> dict[str, Any]:
    """Return a certificate with what DNS must say and what stands in its way."""
    now = world.clock.now()
    limited = certificate.rate_limited_until
    return {
        "hostname": certificate.hostname,
        "status": status_of(certificate, now),
        "configured": certificate.dns_configured,
        "acme_requested": certificate.acme_requested,
        "dns_provider": "",
        "certificates": _entries(certificate, now),
        "dns_requirements": _requirements(app, certificate),
        "validation": _validation(certificate),
        "validation_errors": _errors(certificate),
        **({"rate_limited_until": moment(limited)} if limited else {}),
    }


def check_json(world: World, app: App, certificate: Certificate) -> dict[str, Any]:
    """Return a certificate with what DNS says."""
    points = points_of(world, app, certificate)
    found: dict[str, Any] = {"a": [], "aaaa": [], "cname": [], "resolved_addresses": [], "soa": ""}
    if points is Points.HERE:
        a, aaaa = _by_version(app)
        found |= {"a": a, "aaaa": aaaa, "resolved_addresses": a + aaaa}
        if _is_wildcard(certificate):
            found["acme_challenge_cname"] = _challenge(app, certificate)["target"]
    if points is Points.OWNERSHIP:
        found["ownership_txt"] = _ownership(app, certificate)["app_value"]
    return detail_json(world, app, certificate) | {"dns_records": found}


def status_of(certificate: Certificate, now: datetime) -> str:
    """Return the status of a host name: active as soon as one of its certificates is."""
    if any(entry["status"] == ACTIVE for entry in _entries(certificate, now)):
        return ACTIVE
    return _pending(certificate)


def _pending(certificate: Certificate) -> str:
    return PENDING_VALIDATION if certificate.ownership_configured else PENDING_OWNERSHIP


def _entries(certificate: Certificate, now: datetime) -> list[dict[str, Any]]:
    found = []
    if certificate.acme_requested:
        found.append(_acme_entry(certificate, now))
    if certificate.fullchain and certificate.custom_expires_at:
        is_valid = certificate.ownership_configured and certificate.custom_expires_at > now
        status = ACTIVE if is_valid else _pending(certificate)
        expires_at = moment(certificate.custom_expires_at)
        found.append({"source": "custom", "status": status, "expires_at": expires_at, "issued": []})
    return found


def _acme_entry(certificate: Certificate, now: datetime) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "source": "fly",
        "created_at": moment(certificate.created_at),
        "status": _pending(certificate),
        "issued": [],
    }
    if certificate.expires_at is None:
        return entry
    expires_at, authority = moment(certificate.expires_at), "lets_encrypt"
    issued = [
        {"type": kind, "expires_at": expires_at, "certificate_authority": authority}
        for kind in ("rsa", "ecdsa")
    ]
    entry |= {"issued": issued, "issuer": "Let's Encrypt", "expires_at": expires_at}
    return entry | ({"status": ACTIVE} if certificate.expires_at > now else {})


def _requirements(app: App, certificate: Certificate) -> dict[str, Any]:
    a, aaaa = _by_version(app)
    return {
        "a": a,
        "aaaa": aaaa,
        "cname": cname_target(app),
        "acme_challenge": _challenge(app, certificate),
        "ownership": _ownership(app, certificate),
    }


def _by_version(app: App) -> tuple[list[str], list[str]]:
    found = public_addresses(app)
    v4 = [ip for ip in found if ip_address(ip).version == 4]  # noqa: PLR2004  # the protocol's own name
    return v4, [ip for ip in found if ip not in v4]


def _challenge(app: App, certificate: Certificate) -> dict[str, str]:
    bare = certificate.hostname.removeprefix("*.")
    return {"name": f"_acme-challenge.{bare}", "target": f"{bare}.{app.id}.flydns.net"}


def _ownership(app: App, certificate: Certificate) -> dict[str, str]:
    bare = certificate.hostname.removeprefix("*.")
    organization = hashlib.sha256(app.org_slug.encode()).hexdigest()[:14]
    return {
        "name": f"_fly-ownership.{bare}",
        "app_value": f"app-{app.id}",
        "org_value": f"org-{organization}",
    }


def _validation(certificate: Certificate) -> dict[str, bool]:
    here, wildcard = certificate.dns_configured, _is_wildcard(certificate)
    return {
        "alpn_configured": here and not wildcard,
        "http_configured": here and not wildcard,
        "dns_configured": here and wildcard,
        "ownership_txt_configured": certificate.ownership_configured and not here,
    }


def _errors(certificate: Certificate) -> list[dict[str, str]]:
    at = moment(certificate.updated_at)
    if certificate.rate_limited_until:
        message = "too many certificates were issued for this name within a week"
        remedy = f"wait until {moment(certificate.rate_limited_until)}; removing and adding does not help"
        return [{"code": "rate_limited", "message": message, "remediation": remedy, "timestamp": at}]
    if certificate.acme_requested and not certificate.dns_configured and certificate.issued_at is None:
        message = f"{certificate.hostname} does not point at this app"
        remedy = "set the records of dns_requirements"
        return [{"code": "dns_not_configured", "message": message, "remediation": remedy, "timestamp": at}]
    return []


def _is_wildcard(certificate: Certificate) -> bool:
    return certificate.hostname.startswith("*.")
