"""Bluegreen: every green machine healthy before any blue one loses its requests, and never neither.

    greens made, cordoned → all healthy, counted → uncordoned → blues cordoned, drained
        → greens counted again → their marks settled → blues destroyed

Up to the second count a failure removes the greens and leaves the blues serving. (flyctl once destroyed both
colours and reported success; hence the counting.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lifeboat.core.errors import LifeboatError
from lifeboat.fly.provider.groups.creating import create
from lifeboat.fly.provider.groups.drain import drain, readmit
from lifeboat.fly.provider.groups.failure import GroupIncomplete, MachineUnhealthy
from lifeboat.fly.provider.groups.health import wait_serving
from lifeboat.fly.provider.groups.leasing import leased
from lifeboat.fly.provider.groups.marks import GREEN, INCARNATION
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.metadata import write_metadata
from lifeboat.fly.provider.groups.observing import called, member_of, observe
from lifeboat.fly.provider.groups.removing import remove
from lifeboat.fly.provider.groups.site import Site
from lifeboat.fly.provider.groups.steps import Green, Reason
from lifeboat.fly.provider.groups.together import all_together, together


@dataclass(frozen=True, slots=True, kw_only=True)
class Bluegreen:
    """One bluegreen rollout.

    Args:
        generation: what its green machines are marked with.
    """

    site: Site
    pairs: Sequence[Green]
    generation: str

    def run(self) -> None:
        """Replace every blue machine by its green one.

        Raises:
            GroupIncomplete: the greens are gone again and the blues serve, unless the reasons say otherwise.
        """
        blues = [pair.blue for pair in self.pairs]
        try:
            greens = all_together(self._green, self.pairs)
            self._count(greens)
            with leased(self.site, [member.id for member in (*greens, *blues)]) as nonces:
                all_together(lambda member: readmit(self.site, member.id, nonces[member.id]), greens)
                all_together(lambda member: drain(self.site, member, nonces[member.id]), blues)
                self._count(greens)
                for member in greens:
                    write_metadata(self.site, member.id, self._settled(member), nonces[member.id])
        except LifeboatError as error:
            raise self._undone(error) from error
        all_together(lambda member: remove(self.site, member, Reason.REPLACED), blues)

    def _green(self, pair: Green) -> Member:
        if pair.member is None:
            if pair.create is None:
                raise MachineUnhealthy(f"slot {pair.slot.text} has no green machine")
            return create(self.site, pair.create)
        if not pair.member.is_started:
            self.site.client.machines.start(self.site.app, pair.member.id)
        return wait_serving(self.site, pair.member.id, pair.member.instance_id)

    def _settled(self, green: Member) -> dict[str, str | None]:
        # A green machine that an earlier run left behind may be of another incarnation.
        wanted = self.site.desired.incarnation
        renewed = {INCARNATION: wanted} if wanted != green.marks.incarnation else {}
        return {GREEN: None, **renewed}

    def _count(self, greens: Sequence[Member]) -> None:
        now = [member_of(self.site.client.machines.get(self.site.app, member.id)) for member in greens]
        healthy = [member for member in now if member.is_healthy]
        if len(healthy) != len(self.pairs):
            raise MachineUnhealthy(f"{len(healthy)} of {len(self.pairs)} green machines are healthy")

    def _undone(self, error: LifeboatError) -> GroupIncomplete:
        """Give the blues their requests back, then remove the greens."""
        reasons = [error.message]
        blues = [pair.blue for pair in self.pairs if not pair.blue.cordoned]
        _, closed = together(lambda member: readmit(self.site, member.id, None), blues)
        if closed:
            kept = "the green machines stay, because blue ones could not be given requests again"
            return GroupIncomplete((*reasons, *(each.message for each in closed.values()), kept))
        greens = [
            member
            for member in observe(self.site.client, self.site.app)
            if member.marks.green == self.generation
            and member.marks.urn == self.site.desired.urn
            and not member.is_gone
        ]
        _, left = together(lambda member: remove(self.site, member, "the rollout failed"), greens)
        reasons += [each.message for each in left.values()]
        names = ", ".join(called(pair.blue) for pair in self.pairs)
        return GroupIncomplete((*reasons, f"the green machines were removed; still serving: {names}"))
