"""A group as it is found: the inputs that describe it, with drift, without what Fly fills in. Pure."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from lifeboat.core.errors import ConfigError
from lifeboat.fly.provider.groups.blueprint import Blueprint
from lifeboat.fly.provider.groups.desired import Desired
from lifeboat.fly.provider.groups.facts import group_members
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.planning import plan
from lifeboat.fly.provider.groups.reading import described_config, drifted_config
from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.steps import Wake
from lifeboat.fly.provider.machine_group_declaration import MACHINE_GROUP
from lifeboat.fly.provider.machine_group_inputs import desired_group, group_outputs
from lifeboat.fly.provider.schema.validate import with_defaults
from lifeboat.providerkit.requests import Found, ReadRequest
from lifeboat.providerkit.values import Properties


def found_group(request: ReadRequest, app: str, group: str, members: Iterable[Member]) -> Found | None:
    """Return the group as it is; None when it has no machine.

    Args:
        request: what is known; nothing in an import.
        app: the app's name.
        group: the process group.
        members: every machine of the app.
    """
    there = tuple(members)
    known = bool(request.old_inputs)
    state = request.old_outputs if known else _imported_state(group, there)
    inputs = request.old_inputs if known else _blank(app, group)
    desired = desired_group(request.subject.urn.text, inputs, state)
    ours = [member for member in group_members(desired, there) if not member.marks.green]
    if not ours:
        return None
    inputs = {**inputs, **_counts(desired, ours)}
    inputs |= _template(desired, ours) if known else _imported_template(ours)
    described = desired_group(desired.urn, inputs, state)
    outputs = {
        **{name: value for name, value in inputs.items() if name in MACHINE_GROUP.inputs},
        **group_outputs(described, there, settled=not known or _is_settled(described, there)),
    }
    return Found(resource_id=request.resource_id, outputs=outputs, inputs=inputs)


def _is_settled(described: Desired, members: tuple[Member, ...]) -> bool:
    """Tell whether nothing is to be done; one description cannot tell of machines that differ."""
    try:
        steps = plan(described, members).steps
    except ConfigError:
        return False
    return all(isinstance(step, Wake) and _comes_by_itself(step.member) for step in steps)


def _comes_by_itself(member: Member) -> bool:
    """Tell whether a machine is on its way up, as in the middle of a deploy."""
    return not member.cordoned and member.is_rising


def _blank(app: str, group: str) -> Properties:
    given = {"app": app, "group": group, "config": {}, "regions": {}}
    return with_defaults(MACHINE_GROUP.inputs, given)


def _imported_state(group: str, members: Iterable[Member]) -> Properties:
    ids = [{"id": member.id} for member in members if not member.is_gone and member.marks.group == group]
    return {"machines": ids, "incarnation": secrets.token_hex(4)}


def _counts(desired: Desired, members: Iterable[Member]) -> Properties:
    """Count by home region; a machine on an unreachable host is missing, so that the next run replaces it."""
    slots = desired.slots()
    counts: dict[Role, Counter[str]] = {
        Role.ACTIVE: Counter(dict.fromkeys(desired.regions, 0)),
        Role.STANDBY: Counter(dict.fromkeys(desired.standby_regions, 0)),
    }
    for member in members:
        slot = member.marks.slot
        role = member.marks.declared_role or (slots.get(slot) if slot else None) or Role.ACTIVE
        counts[role][slot.region if slot else member.region] += member.is_reachable
    found: Properties = {"regions": dict(counts[Role.ACTIVE])}
    if counts[Role.STANDBY]:
        found["standbyRegions"] = dict(counts[Role.STANDBY])
    return found


def _template(desired: Desired, members: list[Member]) -> Properties:
    blueprint = Blueprint(desired, tuple(members))
    reachable = [member for member in members if member.is_reachable]
    drifted = next((member for member in reachable if not blueprint.matches(member)), None)
    if drifted is None:
        return {}
    config = drifted_config(desired.config, drifted, keep_volume=False)
    found: Properties = {"config": {**config, **_owned_by_deploys(desired)}}
    wanted, version = desired.secrets_version, drifted.marks.secrets_version
    if wanted is not None and version is not None and version < wanted:
        found["secretsVersion"] = version
    return found


def _owned_by_deploys(desired: Desired) -> dict[str, Any]:
    return {"image": desired.config.get("image")} if desired.owner == "deploy" else {}


def _imported_template(members: list[Member]) -> Properties:
    volumes: dict[str, list[str]] = defaultdict(list)
    for member in members:
        if member.volume:
            volumes[member.region].append(member.volume)
    config = described_config(members[0], keep_volume=False)
    versions = [one.marks.secrets_version for one in members if one.marks.secrets_version is not None]
    found: Properties = {"config": config}
    if volumes:
        found["volumes"] = dict(volumes)
    if versions:
        found["secretsVersion"] = min(versions)
    return found
