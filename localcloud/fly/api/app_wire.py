"""How an app looks on the wire."""

from __future__ import annotations

from typing import Any

from localcloud.fly.model import App, Organization


def app_on_wire(app: App, organizations: dict[str, Organization]) -> dict[str, Any]:
    """Return the `App` of the API, with what fly-go reads beside it (`cname_target`, `app_role`)."""
    organization = organizations[app.org_slug]
    return {
        "id": app.id,
        "name": app.name,
        "internal_numeric_id": app.internal_numeric_id,
        "machine_count": live_machines(app),
        "volume_count": live_volumes(app),
        "network": app.network,
        "status": status_of(app),
        "organization": {
            "name": organization.name,
            "slug": organization.slug,
            "internal_numeric_id": organization.internal_numeric_id,
        },
        "cname_target": f"{app.id}.{app.name}.fly.dev",
        "app_role": app.role,
    }


def status_of(app: App) -> str:
    """Return `pending` before the first machine, `deployed` with machines, `suspended` after the last."""
    if live_machines(app):
        return "deployed"
    return "suspended" if app.machines else "pending"


def live_machines(app: App) -> int:
    """Return how many machines are not destroyed."""
    return sum(machine.state.is_live for machine in app.machines.values())


def live_volumes(app: App) -> int:
    """Return how many volumes are not destroyed."""
    return sum(volume.destroyed_at is None for volume in app.volumes.values())
