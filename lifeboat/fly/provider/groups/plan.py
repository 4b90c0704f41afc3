"""What is to be done to a group: the outcome of `planning`.

marks      metadata only, nothing restarts
creates    missing slots, and successors of machines on unreachable hosts
wakes      machines that should serve and do not
updates    a changed template, by the group's strategy; or greens, each beside its blue machine
rests      machines that become standbys
destroys   last, and only when everything that stays is healthy
"""

from __future__ import annotations

from dataclasses import dataclass

from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.slot import Slot
from lifeboat.fly.provider.groups.steps import (
    Blocked,
    Create,
    Destroy,
    Green,
    Mark,
    Rest,
    Update,
    Wake,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A machine that stays in its slot; `role` is what it does, which a recovery may have chosen."""

    slot: Slot
    role: Role
    member: Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done, kind by kind in the order of doing.

    Args:
        generation: names what a bluegreen rollout is heading for.
        kept: the machines that stay.
        unclaimed: machines in the way that are not provably ours; reported, never touched.
    """

    generation: str
    kept: tuple[Kept, ...] = ()
    marks: tuple[Mark, ...] = ()
    creates: tuple[Create, ...] = ()
    wakes: tuple[Wake, ...] = ()
    updates: tuple[Update, ...] = ()
    greens: tuple[Green, ...] = ()
    rests: tuple[Rest, ...] = ()
    destroys: tuple[Destroy, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    unclaimed: tuple[Member, ...] = ()

    @property
    def steps(self) -> tuple[Mark | Create | Wake | Update | Green | Rest | Destroy, ...]:
        """Everything that changes something, in the order of doing."""
        return (
            *self.marks,
            *self.creates,
            *self.wakes,
            *self.greens,
            *self.updates,
            *self.rests,
            *self.destroys,
        )

    @property
    def serving(self) -> frozenset[Slot]:
        """The slots that take requests when the updates begin; a sleeping machine wakes for one."""
        there = {
            kept.slot
            for kept in self.kept
            if kept.role is Role.ACTIVE
            and not kept.member.cordoned
            and (kept.member.is_healthy or kept.member.is_put_to_sleep)
        }
        made = {step.slot for step in self.creates if step.role is Role.ACTIVE}
        renewed = {step.slot for step in self.wakes} | {step.slot for step in self.greens}
        return frozenset(there | made | renewed)
