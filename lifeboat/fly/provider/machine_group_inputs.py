"""A group's inputs and state as what is declared, and what is there as its outputs. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from lifeboat.fly.provider.groups.desired import Desired, Strategy
from lifeboat.fly.provider.groups.facts import group_members, image_digest, machine_facts
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.owner import Owner
from lifeboat.fly.rules.digest import config_digest
from lifeboat.providerkit.values import Properties


def desired_group(urn: str, inputs: Properties, state: Properties) -> Desired:
    """Read checked inputs.

    Args:
        urn: the resource.
        inputs: completed by `check`.
        state: the old outputs, or as much of them as there is.
    """
    return Desired(
        urn=urn,
        app=inputs["app"],
        group=inputs["group"],
        config=inputs["config"],
        regions=inputs["regions"],
        standby_regions=inputs.get("standbyRegions") or {},
        fallback_regions=tuple(inputs.get("fallbackRegions") or ()),
        strategy=Strategy(inputs["strategy"]),
        max_unavailable=inputs["maxUnavailable"],
        owner=Owner(inputs["owner"]),
        secrets_version=inputs.get("secretsVersion"),
        volumes={code: tuple(ids) for code, ids in (inputs.get("volumes") or {}).items()},
        wait_timeout_s=float(inputs["waitTimeoutS"]),
        incarnation=str(state.get("incarnation") or ""),
        known_ids=frozenset(machine["id"] for machine in state.get("machines") or ()),
    )


def group_outputs(desired: Desired, members: Iterable[Member], *, settled: bool) -> Properties:
    """Return what is known of a group besides its inputs.

    Args:
        desired: the group.
        members: every machine of the app.
        settled: whether the machines are what the inputs say.
    """
    ours = group_members(desired, members)
    return {
        "machines": [machine_facts(desired, member) for member in ours],
        "imageDigest": image_digest(ours),
        "configDigest": config_digest(desired.config),
        "incarnation": desired.incarnation,
        "settled": settled,
    }
