"""Taking a machine out of the proxy's hands before anything is done to it, and giving it back."""

from __future__ import annotations

from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.site import Site


def drain(site: Site, member: Member, nonce: str | None) -> None:
    """Cordon a serving machine and wait until the edges have heard of it; requests under way are finished.

    A machine without services, asleep, or cordoned already gets no requests: nothing is done.
    """
    if member.cordoned or not member.is_started or not member.config.get("services"):
        return
    site.client.machines.cordon(site.app, member.id, nonce=nonce)
    site.clock.sleep(site.patience.drain_s)


def readmit(site: Site, machine_id: str, nonce: str | None) -> None:
    """Let a machine have requests, if it has not yet."""
    if site.client.machines.get(site.app, machine_id).cordoned:
        site.client.machines.uncordon(site.app, machine_id, nonce=nonce)
