"""The gate before anything is taken away: every declared place must be served by something healthy."""

from __future__ import annotations

from lifeboat.fly.provider.groups.claims import is_ours
from lifeboat.fly.provider.groups.failure import GroupIncomplete
from lifeboat.fly.provider.groups.health import wait_serving
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.observing import observe
from lifeboat.fly.provider.groups.plan import Plan
from lifeboat.fly.provider.groups.planning import autostops
from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.site import Site
from lifeboat.fly.provider.groups.slot import Slot
from lifeboat.fly.provider.groups.together import together


def require_serving(site: Site, plan: Plan) -> None:
    """Look at the app again, and wait until every slot that should serve does.

    Raises:
        GroupIncomplete: one does not; nothing may be taken away.
    """
    going = {step.member.id for step in plan.destroys} | {step.member.id for step in plan.rests}
    there = [
        member
        for member in observe(site.client, site.app)
        if member.id not in going and not member.is_gone and is_ours(site.desired, member)
    ]
    serving = _must_serve(site, plan)
    missing = serving - {member.marks.slot for member in there}
    _, failures = together(
        lambda member: _confirm(site, member), [member for member in there if member.marks.slot in serving]
    )
    reasons = [error.message for error in failures.values()]
    reasons += [f"slot {slot.text} has no machine" for slot in sorted(missing)]
    if reasons:
        raise GroupIncomplete((*reasons, "so no machine was taken away"))


def _must_serve(site: Site, plan: Plan) -> set[Slot]:
    resting = {kept.slot for kept in plan.kept if kept.role is Role.STANDBY}
    active = {slot for slot, role in site.desired.slots().items() if role is Role.ACTIVE}
    return active - resting - {blocked.slot for blocked in plan.blocked}


def _confirm(site: Site, member: Member) -> None:
    if member.is_healthy or (member.is_put_to_sleep and autostops(site.desired.config)):
        return
    wait_serving(site, member.id, member.instance_id)
