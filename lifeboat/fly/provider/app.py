"""Apps: adopted or created, never changed, deleted only when nothing foreign is left in them.

It must never take over an app of another organisation, and never delete machines or volumes that no program
declared. An app carries no metadata: the organisation is the evidence of ownership.
"""

from __future__ import annotations

from typing import ClassVar

from lifeboat.core.errors import LifeboatError, Refused, Stuck
from lifeboat.fly.client import FlyClient, errors
from lifeboat.fly.client.models.app import App
from lifeboat.fly.provider.app_contents import foreign_contents
from lifeboat.fly.provider.app_declaration import APP
from lifeboat.fly.provider.claims import Ground
from lifeboat.fly.provider.handler import DeclaredHandler
from lifeboat.fly.provider.judging import judged
from lifeboat.fly.provider.looking import found, found_or_gone
from lifeboat.fly.provider.registry import ResourceKind
from lifeboat.fly.rules.names import app_name_problem
from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.paths import Path
from lifeboat.providerkit.requests import (
    ChangeKind,
    CheckRequest,
    CreateRequest,
    DeleteRequest,
    DiffRequest,
    Found,
    Made,
    ReadRequest,
    UpdateRequest,
)
from lifeboat.providerkit.values import Properties

_DEFAULT_NETWORK = "default"
_GONE_WITHIN_S = 60.0
_LOOK_EVERY_S = 1.0


class AppHandler(DeclaredHandler):
    """Handles `fly:index:App`; the id is the app's name."""

    declaration: ClassVar = APP

    def problems(self, request: CheckRequest, inputs: Properties) -> tuple[PropertyFailure, ...]:
        """Judge the name, and find two resources of a program that mean the same app."""
        return judged(inputs, name=app_name_problem) or self.unique(request, inputs, "name")

    def old_goes_first(self, request: DiffRequest, changes: dict[Path, ChangeKind]) -> bool:
        """A name can only be given once."""
        return bool(changes) and request.old_inputs.get("name") == request.inputs.get("name")

    def create(self, request: CreateRequest) -> Made:
        """Adopt the app of this name, or make it.

        Raises:
            NameTaken: another organisation has it.
            Refused: it lies in another private network.
        """
        inputs, client = request.inputs, self.access.client(request.subject.clock)
        app = _own_app(client, inputs)
        if app is None:
            app = _made(client, inputs)
            self.claim(request.subject, app.name, Ground.MADE)
        else:
            self.claim(request.subject, app.name, Ground.ADOPTED)
            request.subject.log(f"adopted app {app.name}, which exists already")
        return Made(resource_id=app.name, outputs={**self.echo(inputs), **_facts(app)})

    def read(self, request: ReadRequest) -> Found | None:
        """Look twice before saying that it is gone."""
        clock = request.subject.clock
        client = self.access.client(clock)
        name = request.resource_id
        app = found_or_gone(lambda: client.apps.get(name), clock, self.access.recheck_s)
        if app is None:
            return None
        inputs = {**request.old_inputs, **_inputs(app, request.old_inputs)}
        return Found(resource_id=app.name, outputs={**self.echo(inputs), **_facts(app)}, inputs=inputs)

    def update(self, request: UpdateRequest) -> Properties:
        """Look again: an app has nothing that can be changed."""
        client = self.access.client(request.subject.clock)
        return {**self.echo(request.inputs), **_facts(client.apps.get(request.resource_id))}

    def delete(self, request: DeleteRequest) -> None:
        """Delete it, unless something foreign lives in it.

        Raises:
            Refused: it has machines that no program made, or volumes.
            Stuck: Fly still has it after a minute.
        """
        if self.outlives(request):
            return
        client, name = self.access.client(request.subject.clock), request.resource_id
        if found(lambda: client.apps.get(name)) is None:
            request.subject.log("gone already")
            return
        foreign = foreign_contents(client, name, request.subject.urn)
        if foreign:
            raise Refused(
                f"app {name} still holds {', '.join(foreign)}",
                hint="delete them first, or let go of the app with `pulumi state delete`",
            )
        if found(lambda: client.apps.delete(name)) is None:
            request.subject.log("deletion is under way")
        self._wait_gone(request, client)

    def _wait_gone(self, request: DeleteRequest, client: FlyClient) -> None:
        clock = request.subject.clock
        deadline_s = clock.monotonic_s() + (request.subject.timeout_s or _GONE_WITHIN_S)
        while found(lambda: client.apps.get(request.resource_id)) is not None:
            if clock.monotonic_s() >= deadline_s:
                raise Stuck(
                    f"app {request.resource_id} is still there after its deletion was accepted",
                    hint="run again; Fly deletes in the background",
                )
            clock.sleep(_LOOK_EVERY_S)


def _own_app(client: FlyClient, inputs: Properties) -> App | None:
    name = inputs["name"]
    try:
        app = found(lambda: client.apps.get(name))
    except errors.Forbidden as error:
        raise _foreign(name) from error
    if app is None:
        return None
    if app.organization.slug != inputs["org"]:
        raise _foreign(name)
    wanted = inputs.get("network")
    if wanted is not None and wanted != (app.network or _DEFAULT_NETWORK):
        raise Refused(
            f"app {name} exists in the network {app.network or _DEFAULT_NETWORK!r}, not {wanted!r}",
            hint="a network is fixed at creation: delete the app, or choose another name",
        )
    return app


def _made(client: FlyClient, inputs: Properties) -> App:
    name = inputs["name"]
    try:
        return client.apps.create(
            name,
            inputs["org"],
            network=inputs.get("network"),
            enable_subdomains=inputs.get("enableSubdomains"),
        )
    except errors.NameTaken:
        # It may be ours all the same: made by a run whose answer was lost, and only visible now.
        app = _own_app(client, inputs)
        if app is None:
            raise
        return app


def _foreign(name: str) -> LifeboatError:
    return errors.NameTaken(f"app {name!r} belongs to another organisation")


def _facts(app: App) -> Properties:
    return {
        "appId": app.id,
        "internalNumericId": app.internal_numeric_id,
        "hostname": f"{app.name}.fly.dev",
    }


def _inputs(app: App, old: Properties) -> Properties:
    inputs: Properties = {"name": app.name, "org": app.organization.slug}
    if "network" in old or (app.network and app.network != _DEFAULT_NETWORK):
        inputs["network"] = app.network or _DEFAULT_NETWORK
    return inputs


KIND = ResourceKind(declaration=APP, make=AppHandler)
