"""What a request is about, in the words of fault declarations: action, app, machine, region, host."""

from __future__ import annotations

from localcloud.fly.api.dispatch import Match
from localcloud.fly.api.incoming import Incoming
from localcloud.fly.world import World


def subject_of(world: World, match: Match, incoming: Incoming) -> dict[str, str]:
    """Return what is known of a request's subject before it is handled; unknown parts are left out.

    A create is about the region its body names first.
    """
    about = {"action": match.operation_id}
    app_name = match.path.get("app_name") or (
        incoming.field("name") if match.operation_id == "Apps_create" else ""
    )
    if app_name:
        about["app"] = app_name
    if "machine_id" in match.path:
        about["machine"] = match.path["machine_id"]
    about |= _place(world, match)
    if match.operation_id in CREATES and "region" not in about and incoming.field("region"):
        about["region"] = incoming.field("region").split(",")[0].strip()
    return about


CREATES = frozenset({"Machines_create", "Volumes_create"})


def _place(world: World, match: Match) -> dict[str, str]:
    app = world.apps.get(match.path.get("app_name", ""))
    if app is None:
        return {}
    found = app.machines.get(match.path.get("machine_id", "")) or app.volumes.get(
        match.path.get("volume_id", "")
    )
    return {"region": found.region, "host": found.host_id} if found else {}
