"""What Fly says about a host name's certificate, as properties."""

from __future__ import annotations

from lifeboat.fly.client.models.certificate import CertificateDetail
from lifeboat.providerkit.values import Properties


def certificate_facts(detail: CertificateDetail) -> Properties:
    """Return status and DNS requirements by wire name."""
    needs = detail.dns_requirements
    return {
        "status": detail.status,
        "configured": detail.configured,
        "dnsRequirements": {
            "a": list(needs.a),
            "aaaa": list(needs.aaaa),
            "cname": needs.cname,
            "acmeChallenge": {"name": needs.acme_challenge.name, "target": needs.acme_challenge.target},
            "ownership": {
                "name": needs.ownership.name,
                "appValue": needs.ownership.app_value,
                "orgValue": needs.ownership.org_value,
            },
        },
    }
