"""Giving one machine a new configuration so that no request is lost, and putting the old one back.

    drain → update (against the version that was planned on) → started → service checks → requests again

A machine whose host has no room for the bigger guest is replaced by one elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from lifeboat.core.errors import LifeboatError
from lifeboat.fly.client import errors
from lifeboat.fly.client.errors import CapacityScope
from lifeboat.fly.client.models.machine import Machine
from lifeboat.fly.provider.groups.drain import drain, readmit
from lifeboat.fly.provider.groups.health import wait_serving
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.observing import called
from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.site import Site
from lifeboat.fly.provider.groups.steps import Update

_SETTLED = "settled"
"""Fly's word for any state that is not on the way to another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Updating:
    """One update under a lease.

    Args:
        nonce: of the machine's lease.
        drains: whether to keep requests away first. Not when no other machine could take them: the proxy
            holds requests for a machine that is being replaced, and refuses them for a cordoned one.
        waits: whether to wait until the new version serves.
    """

    site: Site
    step: Update
    nonce: str
    drains: bool = True
    waits: bool = True

    def run(self) -> None:
        """Update the machine.

        Raises:
            MachineUnhealthy: the new version does not serve.
            StaleVersion: somebody changed the machine since it was planned on.
            Capacity: its host has no room for it.
        """
        member = self.step.member
        if self.drains and self.step.launch:
            drain(self.site, member, self.nonce)
        changed = self._send()
        if self.waits:
            self._wait(changed)
        self._readmit()
        self.site.log(f"updated {called(member)}")

    def revert(self) -> str:
        """Put the previous configuration back and return what came of it, in words."""
        member = self.step.member
        try:
            now = self.site.client.machines.get(self.site.app, member.id)
            if now.instance_id != member.instance_id:
                now = self._put_back(now.instance_id)
                if self.step.launch and member.is_started:
                    wait_serving(self.site, member.id, now.instance_id)
            if not member.cordoned:
                readmit(self.site, member.id, self.nonce)
        except LifeboatError as error:
            return f"{called(member)} could not be put back to its previous version: {error.message}"
        return f"{called(member)} runs its previous version again"

    def _send(self) -> Machine:
        return self.site.client.machines.update(
            self.site.app,
            self.step.member.id,
            self.step.config,
            current_version=self.step.member.instance_id,
            nonce=self.nonce,
            skip_launch=not self.step.launch,
            min_secrets_version=self.site.desired.secrets_version,
        )

    def _wait(self, changed: Machine) -> None:
        if self.step.launch:
            wait_serving(self.site, changed.id, changed.instance_id)
            return
        self.site.client.machines.wait(
            self.site.app,
            changed.id,
            _SETTLED,
            instance_id=changed.instance_id,
            deadline_s=self.site.desired.wait_timeout_s,
        )

    def _put_back(self, current_version: str) -> Machine:
        return self.site.client.machines.update(
            self.site.app,
            self.step.member.id,
            self.step.member.config,
            current_version=current_version,
            nonce=self.nonce,
            skip_launch=not self.step.launch or not self.step.member.is_started,
        )

    def _readmit(self) -> None:
        if self.step.role is Role.ACTIVE or not self.step.member.cordoned:
            readmit(self.site, self.step.member.id, self.nonce)


def needs_another_host(error: LifeboatError, member: Member) -> bool:
    """Tell whether a failed update can be had by replacing the machine, which a volume forbids."""
    return isinstance(error, errors.Capacity) and error.scope is CapacityScope.HOST and not member.volume
