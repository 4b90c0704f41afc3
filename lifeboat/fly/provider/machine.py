"""Single machines: adopted or made, changed under a lease, replaced only for what cannot be changed.

It must never adopt a machine of a group or of another resource, and never destroy one that its own
replacement has adopted: see `groups.marks` for the incarnation.
"""

from __future__ import annotations

import secrets
from typing import ClassVar

from lifeboat.core.errors import LifeboatError
from lifeboat.fly.client.models.machine import Machine
from lifeboat.fly.provider.access import FlyAccess
from lifeboat.fly.provider.autoname import MADE, with_name
from lifeboat.fly.provider.config_changes import meaningful
from lifeboat.fly.provider.config_checks import config_failures
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.observing import called, member_of, observe
from lifeboat.fly.provider.groups.patience import Patience
from lifeboat.fly.provider.groups.removing import remove
from lifeboat.fly.provider.groups.site import Site
from lifeboat.fly.provider.groups.undoing import is_of
from lifeboat.fly.provider.handler import DeclaredHandler
from lifeboat.fly.provider.ids import join_id, split_id
from lifeboat.fly.provider.judging import judged
from lifeboat.fly.provider.lone_machine import LoneMachine
from lifeboat.fly.provider.lone_work import make, settle
from lifeboat.fly.provider.looking import found, found_or_gone
from lifeboat.fly.provider.machine_declaration import MACHINE
from lifeboat.fly.provider.machine_reading import described_machine, machine_facts
from lifeboat.fly.provider.registry import ResourceKind
from lifeboat.fly.rules.names import app_name_problem, machine_name_problem
from lifeboat.fly.rules.regions import fly_region_problem
from lifeboat.providerkit.compare import Rules, compare
from lifeboat.providerkit.failures import Cancelled, PartlyMade, PropertyFailure, reason_of
from lifeboat.providerkit.paths import Path
from lifeboat.providerkit.requests import (
    ChangeKind,
    Checked,
    CheckRequest,
    CreateRequest,
    DeleteRequest,
    Difference,
    DiffRequest,
    Found,
    Made,
    ReadRequest,
    Subject,
    UpdateRequest,
)
from lifeboat.providerkit.values import Properties

ID_FORM = "app/machine"
_VOLUME: Path = ("config", "mounts", "*", "volume")


class MachineHandler(DeclaredHandler):
    """Handles `fly:index:Machine`; the id is `app/machine`.

    Args:
        access: the way to Fly.
        patience: how long the work on a machine waits for what it cannot see.
    """

    declaration: ClassVar = MACHINE
    volatile: ClassVar = frozenset({"instanceId", "state", "imageDigest"})

    def __init__(self, access: FlyAccess, patience: Patience | None = None) -> None:
        super().__init__(access)
        self._patience = patience or Patience()

    def check(self, request: CheckRequest) -> Checked:
        """Validate the inputs and complete them, with a name if there is none."""
        checked = super().check(request)
        named = with_name(request, checked.inputs)
        if isinstance(named, PropertyFailure):
            return Checked(inputs=checked.inputs, failures=(*checked.failures, named))
        return Checked(inputs=named, failures=checked.failures)

    def problems(self, request: CheckRequest, inputs: Properties) -> tuple[PropertyFailure, ...]:
        """Judge names, region and configuration."""
        texts = judged(inputs, app=app_name_problem, region=fly_region_problem, name=machine_name_problem)
        failures = (*texts, *config_failures(inputs["config"]))
        if failures or inputs.get("name") is None:
            return failures
        return self.unique(request, inputs, "app", "name")

    def diff(self, request: DiffRequest) -> Difference:
        """Compare what the inputs mean."""
        difference = super().diff(request)
        changes = meaningful(difference.changes, request.old_inputs, request.inputs)
        return Difference(changes=changes, delete_before_replace=self.old_goes_first(request, changes))

    def rules(self, ignored: tuple[Path, ...]) -> Rules:
        """Let another volume mean another machine."""
        rules = super().rules(ignored)
        return Rules(force_new=(*rules.force_new, _VOLUME), ignored=rules.ignored)

    def old_goes_first(self, request: DiffRequest, changes: dict[Path, ChangeKind]) -> bool:
        """A name and a volume can only be had once; a name made by us changes with the machine."""
        old, new = request.old_inputs, request.inputs
        if not any(kind.replaces for kind in changes.values()) or old.get("app") != new.get("app"):
            return False
        keeps_name = old.get("name") == new.get("name") and "name" not in new.get(MADE, ())
        return keeps_name or (bool(_volumes(old)) and not compare(_volumes(old), _volumes(new), Rules()))

    def create(self, request: CreateRequest) -> Made:
        """Adopt the machine an earlier run left, or make it.

        Raises:
            PartlyMade: it exists and is not what is declared yet.
        """
        inputs, subject = request.inputs, request.subject
        lone = LoneMachine(subject.urn.text, inputs, secrets.token_hex(4))
        site = self._site(subject, lone)
        there = lone.among(observe(site.client, site.app))
        try:
            if there is None:
                member = make(site, lone)
            else:
                subject.log(f"adopted {called(there)}, which exists already")
                member = settle(site, lone, there)
        except Cancelled:
            raise
        except LifeboatError as error:
            left = there or lone.among(observe(site.client, site.app))
            if left is None:
                raise
            raise self._partly(lone, site, left, inputs, error) from error
        return Made(
            resource_id=join_id(site.app, member.id), outputs=self._outputs(site, lone, member, inputs)
        )

    def read(self, request: ReadRequest) -> Found | None:
        """Look twice before saying that it is gone."""
        clock = request.subject.clock
        client = self.access.client(clock)
        app, machine_id = split_id(request.resource_id, ID_FORM)

        def look() -> Machine | None:
            machine = client.machines.get(app, machine_id)
            return machine if machine.is_live else None

        machine = found_or_gone(look, clock, self.access.recheck_s)
        if machine is None:
            return None
        inputs = described_machine(request, app, member_of(machine))
        incarnation = request.old_outputs.get("incarnation") or secrets.token_hex(4)
        outputs = {**self.echo(inputs), **machine_facts(machine), "incarnation": incarnation}
        return Found(resource_id=request.resource_id, outputs=outputs, inputs=inputs)

    def update(self, request: UpdateRequest) -> Properties:
        """Bring it to what is declared.

        Raises:
            PartlyMade: something failed; the reasons say what it runs now.
        """
        inputs, subject = request.inputs, request.subject
        app, machine_id = split_id(request.resource_id, ID_FORM)
        lone = LoneMachine(subject.urn.text, inputs, str(request.old_outputs.get("incarnation") or ""))
        site = self._site(subject, lone)
        member = member_of(site.client.machines.get(app, machine_id))
        try:
            member = settle(site, lone, member)
        except Cancelled:
            raise
        except LifeboatError as error:
            raise self._partly(lone, site, member, request.old_inputs, error) from error
        return self._outputs(site, lone, member, inputs)

    def delete(self, request: DeleteRequest) -> None:
        """Remove it, drained and stopped; gone already is fine, and a dead host is a warning."""
        app, machine_id = split_id(request.resource_id, ID_FORM)
        incarnation = str(request.old_outputs.get("incarnation") or "")
        site = self._site(
            request.subject, LoneMachine(request.subject.urn.text, request.old_inputs, incarnation)
        )
        machine = found(lambda: site.client.machines.get(app, machine_id))
        if machine is None or not machine.is_live:
            return
        if not is_of(incarnation, member_of(machine)):
            site.log(f"{called(machine)} stays: the replacement of this resource has taken it over")
            return
        remove(site, member_of(machine), "not declared any more", until_gone=True)

    def _site(self, subject: Subject, lone: LoneMachine) -> Site:
        return Site(
            client=self.access.client(subject.clock),
            desired=lone.desired,
            clock=subject.clock,
            log=subject.log,
            patience=self._patience,
        )

    def _partly(
        self, lone: LoneMachine, site: Site, member: Member, inputs: Properties, error: LifeboatError
    ) -> PartlyMade:
        return PartlyMade(
            resource_id=join_id(site.app, member.id),
            outputs=self._outputs(site, lone, member, inputs),
            inputs=inputs,
            reasons=(reason_of(error),),
        )

    def _outputs(self, site: Site, lone: LoneMachine, member: Member, inputs: Properties) -> Properties:
        machine = site.client.machines.get(site.app, member.id)
        facts = machine_facts(machine)
        return {**self.echo(inputs), **facts, "incarnation": lone.desired.incarnation}


def _volumes(inputs: Properties) -> Properties:
    config = inputs.get("config")
    mounts = config.get("mounts") if isinstance(config, dict) else None
    return {str(at): mount.get("volume") for at, mount in enumerate(mounts or ()) if isinstance(mount, dict)}


KIND = ResourceKind(declaration=MACHINE, make=MachineHandler)
