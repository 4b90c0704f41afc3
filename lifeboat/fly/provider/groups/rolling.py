"""Rolling a changed template through the machines in place: one batch under leases after the other.

Stops at the first batch with a failure, puts the previous version back on what failed in it (Fly has no
automatic rollback for this), and says which machines are on which version. The next run goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lifeboat.core.errors import LifeboatError
from lifeboat.fly.provider.groups.batches import Batch, batches
from lifeboat.fly.provider.groups.desired import Strategy
from lifeboat.fly.provider.groups.failure import GroupIncomplete
from lifeboat.fly.provider.groups.leasing import leased
from lifeboat.fly.provider.groups.moving import move
from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.site import Site
from lifeboat.fly.provider.groups.slot import Slot
from lifeboat.fly.provider.groups.steps import Update
from lifeboat.fly.provider.groups.together import together
from lifeboat.fly.provider.groups.updating import Updating, needs_another_host


def roll(site: Site, updates: Sequence[Update], serving: Iterable[Slot]) -> None:
    """Update machines by the group's strategy.

    Args:
        site: the work.
        updates: what to do, in any order.
        serving: the slots that take requests now.

    Raises:
        GroupIncomplete: a batch failed; later batches were not begun.
    """
    done = 0
    open_slots = set(serving)
    for batch in batches(site.desired, updates):
        slots = {step.slot for step in batch}
        reasons = _run(site, batch, drains=bool(open_slots - slots))
        done += len(batch)
        if reasons:
            left = len(updates) - done
            raise GroupIncomplete((*reasons, *([f"{left} machines were not begun"] if left else [])))
        open_slots |= {step.slot for step in batch if step.role is Role.ACTIVE}


def _run(site: Site, batch: Batch, *, drains: bool) -> list[str]:
    waits = site.desired.strategy is not Strategy.IMMEDIATE
    with leased(site, [step.member.id for step in batch]) as nonces:
        works = [
            Updating(site=site, step=step, nonce=nonces[step.member.id], drains=drains and waits, waits=waits)
            for step in batch
        ]
        _, failures = together(Updating.run, works)
        homeless = [at for at, error in failures.items() if needs_another_host(error, batch[at].member)]
        failed = [at for at in failures if at not in homeless]
        undone, _ = together(Updating.revert, [works[at] for at in (*failed, *homeless)])
    reasons = [f"{failures[at].message}; {undone[n]}" for n, at in enumerate(failed)]
    return reasons + _moved(site, [batch[at] for at in homeless])


def _moved(site: Site, steps: Sequence[Update]) -> list[str]:
    reasons = []
    for step in steps:
        try:
            move(site, step)
        except LifeboatError as error:
            reasons.append(error.message)
    return reasons
