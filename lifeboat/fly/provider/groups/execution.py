"""Carrying a plan out: the table of contents of a group's work. The dangerous act comes last.

What fails in one part keeps the later parts from beginning; within a part everything is tried. Nothing is
remembered between runs: the next one observes and plans again.
"""

from __future__ import annotations

from lifeboat.fly.provider.groups.bluegreen import Bluegreen
from lifeboat.fly.provider.groups.creating import create
from lifeboat.fly.provider.groups.failure import GroupIncomplete
from lifeboat.fly.provider.groups.gate import require_serving
from lifeboat.fly.provider.groups.metadata import write_metadata
from lifeboat.fly.provider.groups.observing import called
from lifeboat.fly.provider.groups.plan import Plan
from lifeboat.fly.provider.groups.removing import remove
from lifeboat.fly.provider.groups.resting import rest
from lifeboat.fly.provider.groups.rolling import roll
from lifeboat.fly.provider.groups.site import Site
from lifeboat.fly.provider.groups.together import all_together
from lifeboat.fly.provider.groups.waking import wake


def carry_out(site: Site, plan: Plan) -> None:
    """Do everything a plan says.

    Raises:
        GroupIncomplete: a part failed, or a slot needs a human.
        FlyError: Fly refused, or could not be reached.
    """
    for member in plan.unclaimed:
        site.log(
            f"warning: {called(member)} bears a name of this group, but is not provably ours: left alone"
        )
    all_together(lambda step: write_metadata(site, step.member.id, step.metadata), plan.marks)
    all_together(lambda step: create(site, step), plan.creates)
    all_together(lambda step: wake(site, step), plan.wakes)
    if plan.greens:
        Bluegreen(site=site, pairs=plan.greens, generation=plan.generation).run()
    roll(site, plan.updates, plan.serving)
    if plan.rests or plan.destroys:
        require_serving(site, plan)
    all_together(lambda step: rest(site, step), plan.rests)
    all_together(lambda step: remove(site, step.member, step.reason), plan.destroys)
    if plan.blocked:
        raise GroupIncomplete(f"slot {blocked.slot.text}: {blocked.reason}" for blocked in plan.blocked)
