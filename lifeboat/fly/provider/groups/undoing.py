"""Removing a whole group: the machines of its incarnation, each until it is gone.

A machine of another incarnation was adopted by the resource's replacement and stays.
"""

from __future__ import annotations

from collections.abc import Iterable

from lifeboat.fly.provider.groups.facts import group_members
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.observing import called
from lifeboat.fly.provider.groups.removing import remove
from lifeboat.fly.provider.groups.site import Site
from lifeboat.fly.provider.groups.together import all_together


def remove_group(site: Site, members: Iterable[Member]) -> None:
    """Remove every machine of the group.

    Raises:
        GroupIncomplete: some could not be removed.
    """
    going = []
    for member in group_members(site.desired, members):
        if is_of(site.desired.incarnation, member):
            going.append(member)
        else:
            site.log(f"{called(member)} stays: the replacement of this resource has taken it over")
    all_together(lambda member: remove(site, member, "not declared any more", until_gone=True), going)


def is_of(incarnation: str, member: Member) -> bool:
    """Tell whether a machine goes with a resource of this incarnation."""
    return not incarnation or member.marks.incarnation in ("", incarnation)
