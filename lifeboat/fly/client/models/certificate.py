"""Certificates of host names in the Machines API: what stands, what Fly checked, what DNS needs."""

from __future__ import annotations

from pydantic import Field

from lifeboat.fly.client.models.sparse import Moment, Sparse

ACTIVE = "active"


class CertificateSummary(Sparse):
    """A host name in the list of an app; `status` active, pending_ownership or pending_validation."""

    hostname: str
    status: str = ""
    configured: bool = False
    acme_requested: bool = False
    has_custom_certificate: bool = False
    has_fly_certificate: bool = False
    dns_provider: str = ""
    created_at: Moment = None
    updated_at: Moment = None


class IssuedCertificate(Sparse):
    """One issued certificate; `type` rsa or ecdsa."""

    type: str = ""
    expires_at: Moment = None
    certificate_authority: str = ""


class Certificate(Sparse):
    """What one source, `fly` (ACME) or `custom`, has for a host name."""

    source: str = ""
    status: str = ""
    issuer: str = ""
    created_at: Moment = None
    expires_at: Moment = None
    issued: tuple[IssuedCertificate, ...] = ()


class Validation(Sparse):
    """What Fly saw of the ways to prove the host name."""

    dns_configured: bool = False
    alpn_configured: bool = False
    http_configured: bool = False
    ownership_txt_configured: bool = False


class AcmeChallenge(Sparse):
    """The CNAME that lets Fly answer DNS challenges."""

    name: str = ""
    target: str = ""


class Ownership(Sparse):
    """The TXT record that proves ownership: by app or by organisation."""

    name: str = ""
    app_value: str = ""
    org_value: str = ""


class DnsRequirements(Sparse):
    """The records the host name's DNS must have."""

    a: tuple[str, ...] = ()
    aaaa: tuple[str, ...] = ()
    cname: str = ""
    acme_challenge: AcmeChallenge = Field(default_factory=AcmeChallenge)
    ownership: Ownership = Field(default_factory=Ownership)


class ValidationProblem(Sparse):
    """Why a validation failed and what to do."""

    code: str = ""
    message: str = ""
    remediation: str = ""
    timestamp: Moment = None


class CertificateDetail(Sparse):
    """Everything about a host name's certificates.

    Args:
        configured: whether the DNS of the host name leads to the app.
        rate_limited_until: no new order at the certificate authority before this moment.
    """

    hostname: str
    status: str = ""
    configured: bool = False
    acme_requested: bool = False
    dns_provider: str = ""
    rate_limited_until: Moment = None
    certificates: tuple[Certificate, ...] = ()
    validation: Validation = Field(default_factory=Validation)
    dns_requirements: DnsRequirements = Field(default_factory=DnsRequirements)
    validation_errors: tuple[ValidationProblem, ...] = ()
