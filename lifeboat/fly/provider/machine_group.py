"""Machine groups: observed, planned and worked on in every create and update; nothing is remembered.

A create adopts what carries the group's mark, so it is also how an interrupted run goes on. A failure keeps
what was made: the engine is told what exists, and the next run goes on from there.
"""

from __future__ import annotations

import secrets
from typing import ClassVar

from lifeboat.core.errors import LifeboatError
from lifeboat.fly.provider.access import FlyAccess
from lifeboat.fly.provider.config_changes import meaningful
from lifeboat.fly.provider.groups.execution import carry_out
from lifeboat.fly.provider.groups.failure import GroupIncomplete
from lifeboat.fly.provider.groups.images import digest_in
from lifeboat.fly.provider.groups.observing import observe
from lifeboat.fly.provider.groups.patience import Patience
from lifeboat.fly.provider.groups.planning import plan
from lifeboat.fly.provider.groups.site import Site
from lifeboat.fly.provider.groups.undoing import remove_group
from lifeboat.fly.provider.handler import DeclaredHandler
from lifeboat.fly.provider.ids import join_id, split_id
from lifeboat.fly.provider.judging import judged
from lifeboat.fly.provider.looking import found, found_or_gone
from lifeboat.fly.provider.machine_group_checks import group_failures
from lifeboat.fly.provider.machine_group_declaration import MACHINE_GROUP
from lifeboat.fly.provider.machine_group_inputs import desired_group, group_outputs
from lifeboat.fly.provider.machine_group_reading import found_group
from lifeboat.fly.provider.registry import ResourceKind
from lifeboat.fly.rules.digest import config_digest
from lifeboat.fly.rules.names import app_name_problem, machine_name_problem
from lifeboat.providerkit import marks
from lifeboat.providerkit.failures import Cancelled, PartlyMade, PropertyFailure, reason_of
from lifeboat.providerkit.requests import (
    ChangeKind,
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
from lifeboat.providerkit.values import UNKNOWN, Properties

ID_FORM = "app/group"


class MachineGroupHandler(DeclaredHandler):
    """Handles `fly:index:MachineGroup`; the id is `app/group`.

    Args:
        access: the way to Fly.
        patience: how long the work on a machine waits for what it cannot see.
    """

    declaration: ClassVar = MACHINE_GROUP
    volatile: ClassVar = frozenset({"machines", "settled"})

    def __init__(self, access: FlyAccess, patience: Patience | None = None) -> None:
        super().__init__(access)
        self._patience = patience or Patience()

    def problems(self, request: CheckRequest, inputs: Properties) -> tuple[PropertyFailure, ...]:
        """Judge names, regions, counts, volumes and the template."""
        texts = judged(inputs, app=app_name_problem, group=machine_name_problem)
        return texts + group_failures(inputs) or self.unique(request, inputs, "app", "group")

    def diff(self, request: DiffRequest) -> Difference:
        """Compare what the inputs mean; work that was cut short is a difference too."""
        difference = super().diff(request)
        changes = meaningful(difference.changes, request.old_inputs, request.inputs)
        if not changes and request.old_outputs.get("settled") is False:
            changes = {("machines",): ChangeKind.UPDATE}
        return Difference(changes=changes, delete_before_replace=difference.delete_before_replace)

    def preview_create(self, request: CreateRequest) -> Properties:
        """Say the digests that can be known."""
        return {**super().preview_create(request), **_known_digests(request.inputs)}

    def preview_update(self, request: UpdateRequest) -> Properties:
        """Say the digests that can be known."""
        return {**super().preview_update(request), **_known_digests(request.inputs)}

    def create(self, request: CreateRequest) -> Made:
        """Adopt what is there and make the rest.

        Raises:
            PartlyMade: some machines exist, and something failed.
        """
        inputs, subject = request.inputs, request.subject
        resource_id = join_id(inputs["app"], inputs["group"])
        state = {"incarnation": secrets.token_hex(4)}
        try:
            outputs = self._work(subject, inputs, state)
        except GroupIncomplete as error:
            outputs = self._outputs(subject, inputs, state, settled=False)
            if not outputs["machines"]:
                raise
            raise _partly(resource_id, outputs, inputs, error) from error
        return Made(resource_id=resource_id, outputs=outputs)

    def read(self, request: ReadRequest) -> Found | None:
        """Look twice before saying that every machine is gone."""
        clock = request.subject.clock
        client = self.access.client(clock)
        app, group = split_id(request.resource_id, ID_FORM)
        return found_or_gone(
            lambda: found_group(request, app, group, observe(client, app)), clock, self.access.recheck_s
        )

    def update(self, request: UpdateRequest) -> Properties:
        """Bring the machines to what is declared.

        Raises:
            PartlyMade: something failed; what was reached is kept, and the old inputs with it.
        """
        try:
            return self._work(request.subject, request.inputs, request.old_outputs)
        except GroupIncomplete as error:
            outputs = self._outputs(request.subject, request.inputs, request.old_outputs, settled=False)
            raise _partly(request.resource_id, outputs, request.old_inputs, error) from error

    def delete(self, request: DeleteRequest) -> None:
        """Remove the machines of this incarnation; those a replacement adopted stay."""
        site = self._site(request.subject, request.old_inputs, request.old_outputs)
        members = found(lambda: observe(site.client, site.app))
        remove_group(site, members or ())

    def _work(self, subject: Subject, inputs: Properties, state: Properties) -> Properties:
        site = self._site(subject, inputs, state)
        planned = plan(site.desired, observe(site.client, site.app))
        try:
            carry_out(site, planned)
        except (Cancelled, GroupIncomplete):
            raise
        except LifeboatError as error:
            raise GroupIncomplete((reason_of(error),)) from error
        return self._outputs(subject, inputs, state, settled=True)

    def _outputs(
        self, subject: Subject, inputs: Properties, state: Properties, *, settled: bool
    ) -> Properties:
        site = self._site(subject, inputs, state)
        members = observe(site.client, site.app)
        return {**self.echo(inputs), **group_outputs(site.desired, members, settled=settled)}

    def _site(self, subject: Subject, inputs: Properties, state: Properties) -> Site:
        return Site(
            client=self.access.client(subject.clock),
            desired=desired_group(subject.urn.text, inputs, state),
            clock=subject.clock,
            log=subject.log,
            patience=self._patience,
        )


def _partly(resource_id: str, outputs: Properties, inputs: Properties, error: GroupIncomplete) -> PartlyMade:
    return PartlyMade(resource_id=resource_id, outputs=outputs, inputs=inputs, reasons=error.reasons)


def _known_digests(inputs: Properties) -> Properties:
    config = inputs["config"]
    if config is UNKNOWN or marks.unknown_paths(config):
        return {"configDigest": UNKNOWN, "imageDigest": UNKNOWN}
    return {
        "configDigest": config_digest(config),
        "imageDigest": digest_in(str(config.get("image") or "")) or UNKNOWN,
    }


KIND = ResourceKind(declaration=MACHINE_GROUP, make=MachineGroupHandler)
