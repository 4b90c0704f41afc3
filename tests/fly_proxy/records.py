"""Records of apps and machines as the edge finds them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from localcloud.fly.model import App, Certificate, IpAddress, Machine, State, Version
from localcloud.fly.model.machine import Check

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def an_app(name: str, *ips: IpAddress, org: str = "lifeboat") -> App:
    """An app with addresses."""
    return App(
        id=name,
        name=name,
        internal_numeric_id=1,
        org_slug=org,
        network="default",
        created_at=NOW,
        ips=list(ips),
    )


def an_ip(kind: str) -> IpAddress:
    """An address of a kind."""
    return IpAddress(id=f"ip_{kind}", ip="192.0.2.1", type=kind, region="global", created_at=NOW)


def with_certificate(app: App, hostname: str, *, configured: bool) -> App:
    """Add a host name to an app."""
    app.certificates[hostname] = Certificate(
        id=hostname,
        hostname=hostname,
        source="fly",
        created_at=NOW,
        updated_at=NOW,
        dns_configured=configured,
    )
    return app


def a_service(**fields: Any) -> dict[str, Any]:
    """A web service in Fly's form."""
    return {"protocol": "tcp", "internal_port": 8080, "ports": [{"port": 443}, {"port": 80}], **fields}


def a_machine(  # noqa: PLR0913 - a record's own fields
    machine_id: str,
    region: str,
    host_id: str,
    *,
    state: State = State.STARTED,
    service: dict[str, Any] | None = None,
    checks: dict[str, str] | None = None,
    env: dict[str, str] | None = None,
) -> Machine:
    """A machine of app `acme`; `checks` are statuses by name."""
    config = {"image": "acme:1", "services": [service or a_service()], "env": env or {}}
    return Machine(
        id=machine_id,
        name=machine_id,
        app_name="acme",
        region=region,
        host_id=host_id,
        state=state,
        private_ip="fdaa::1",
        image_digest="",
        created_at=NOW,
        updated_at=NOW,
        versions=[Version(id="01", config=config, created_at=NOW)],
        wanted=state,
        checks={
            name: Check(name=name, status=status, output="", updated_at=NOW)
            for name, status in (checks or {}).items()
        },
    )
