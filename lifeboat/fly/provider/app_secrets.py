"""The secrets of an app: sent in one batch, compared by digest and source version, never shown.

It must never put a value into an output, a log or an error, and never touch a secret it does not manage. A
difference asks Secrets Manager for version ids (a read without values), so that a preview shows a rotation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from lifeboat.fly.client import FlyClient
from lifeboat.fly.provider.access import FlyAccess
from lifeboat.fly.provider.addresses import guard_secret_source
from lifeboat.fly.provider.claims import Ground
from lifeboat.fly.provider.handler import DeclaredHandler
from lifeboat.fly.provider.looking import found, found_or_gone
from lifeboat.fly.provider.registry import ResourceKind
from lifeboat.fly.provider.secrets.checking import secrets_problems
from lifeboat.fly.provider.secrets.declaration import APP_SECRETS
from lifeboat.fly.provider.secrets.gathering import Gathered, gather
from lifeboat.fly.provider.secrets.lookup import SourceLookup
from lifeboat.fly.provider.secrets.plan import Declared, Known, plan_secrets
from lifeboat.fly.provider.secrets.reader import SecretsManager, SecretsReader
from lifeboat.fly.provider.secrets.rotation import rotated
from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.paths import Path
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
from lifeboat.providerkit.values import Properties

ReaderAt = Callable[[str | None], SecretsReader]
"""Makes the reader of Secrets Manager at an address, None for AWS's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """One write: what is wanted, what was, and what the app has on Fly."""

    client: FlyClient
    app: str
    inputs: Properties
    known: Known
    old_version: int
    on_fly: dict[str, str]


class AppSecretsHandler(DeclaredHandler):
    """Handles `fly:index:AppSecrets`; the id is the app's name.

    Args:
        access: the way to Fly.
        reader_at: how Secrets Manager is read.
    """

    declaration: ClassVar = APP_SECRETS
    volatile: ClassVar = frozenset(APP_SECRETS.outputs)

    def __init__(self, access: FlyAccess, reader_at: ReaderAt = SecretsManager) -> None:
        super().__init__(access)
        self._reader_at = reader_at
        self._readers: dict[str | None, SecretsReader] = {}

    def problems(self, request: CheckRequest, inputs: Properties) -> tuple[PropertyFailure, ...]:
        """Judge names and sources, and find a second resource for the same app."""
        return secrets_problems(inputs) or self.unique(request, inputs, "app")

    def diff(self, request: DiffRequest) -> Difference:
        """Compare inputs, and what was sent with what Secrets Manager has now."""
        declared = super().diff(request)
        if any(kind.replaces for kind in declared.changes.values()):
            return declared
        versions = request.old_outputs.get("sourceVersions") or {}
        names = rotated(request.inputs, request.old_inputs, versions, self._sources(request.subject))
        rotations: dict[Path, ChangeKind] = {("sourceVersions", name): ChangeKind.UPDATE for name in names}
        return Difference(changes={**declared.changes, **rotations})

    def create(self, request: CreateRequest) -> Made:
        """Send what is declared, over what the app has under the same names."""
        client, app = self.access.client(request.subject.clock), request.inputs["app"]
        on_fly = _digests(client, app)
        work = _Work(
            client=client, app=app, inputs=request.inputs, known=Known(), old_version=0, on_fly=on_fly
        )
        outputs = self._write(request.subject, work)
        adopted = Declared.of(request.inputs).names & on_fly.keys()
        self.claim(request.subject, app, Ground.ADOPTED if adopted else Ground.MADE)
        return Made(resource_id=app, outputs=outputs)

    def update(self, request: UpdateRequest) -> Properties:
        """Send what differs, and remove what is no longer declared."""
        client, app = self.access.client(request.subject.clock), request.resource_id
        known = Known(
            declared=Declared.of(request.old_inputs),
            digests=request.old_outputs.get("digests") or {},
            versions=request.old_outputs.get("sourceVersions") or {},
        )
        work = _Work(
            client=client,
            app=app,
            inputs=request.inputs,
            known=known,
            old_version=request.old_outputs.get("version") or 0,
            on_fly=_digests(client, app),
        )
        return self._write(request.subject, work)

    def read(self, request: ReadRequest) -> Found | None:
        """Compare digests; a secret that is gone or changed leaves the inputs, so that it is sent again."""
        clock, app = request.subject.clock, request.resource_id
        client = self.access.client(clock)
        digests = found_or_gone(lambda: _digests(client, app), clock, self.access.recheck_s)
        if digests is None:
            return None
        if request.importing:
            outputs = {"app": app, "version": 0, "digests": digests, "sourceVersions": {}, "missing": []}
            return Found(resource_id=app, outputs=outputs, inputs={"app": app})
        sent = request.old_outputs.get("digests") or {}
        kept = {name: digest for name, digest in sent.items() if digests.get(name) == digest}
        inputs = _without(request.old_inputs, sent.keys() - kept.keys())
        outputs = {**request.old_outputs, **self.echo(inputs), "digests": kept}
        return Found(resource_id=app, outputs=outputs, inputs=inputs)

    def delete(self, request: DeleteRequest) -> None:
        """Remove the managed secrets, and no other."""
        if self.outlives(request):
            return
        client, app = self.access.client(request.subject.clock), request.resource_id
        on_fly = found(lambda: _digests(client, app)) or {}
        mine = Declared.of(request.old_inputs).names & on_fly.keys()
        if mine:
            found(lambda: client.secrets.set_many(app, dict.fromkeys(sorted(mine))))

    def _write(self, subject: Subject, work: _Work) -> Properties:
        gathered = gather(Declared.of(work.inputs), self._sources(subject))
        plan = plan_secrets(Declared.of(work.inputs), work.known, gathered.versions, work.on_fly)
        batch = {**{name: gathered.values[name] for name in plan.send}, **dict.fromkeys(plan.remove)}
        digests, version = work.on_fly, work.old_version
        if batch:
            written = work.client.secrets.set_many(work.app, {name: batch[name] for name in sorted(batch)})
            digests, version = {**digests, **written.digests}, written.version
        if gathered.missing:
            subject.log(f"warning: no value yet for {', '.join(gathered.missing)}; the next run looks again")
        return {**self.echo(work.inputs), **_outputs(work, gathered, digests), "version": version}

    def _sources(self, subject: Subject) -> SourceLookup:
        def reader() -> SecretsReader:
            endpoint = guard_secret_source(subject.urn.stack, self.access.environment)
            if endpoint not in self._readers:
                self._readers[endpoint] = self._reader_at(endpoint)
            return self._readers[endpoint]

        return SourceLookup(reader, subject.log)


def _outputs(work: _Work, gathered: Gathered, digests: dict[str, str]) -> Properties:
    declared = Declared.of(work.inputs)
    versions = {**work.known.versions, **gathered.versions}
    return {
        "digests": {name: digests[name] for name in sorted(declared.names & digests.keys())},
        "sourceVersions": {
            name: versions[name] for name in sorted(declared.sources.keys() & versions.keys())
        },
        "missing": list(gathered.missing),
    }


def _digests(client: FlyClient, app: str) -> dict[str, str]:
    return {secret.name: secret.digest for secret in client.secrets.list(app)}


def _without(inputs: Properties, names: set[str]) -> Properties:
    kept = dict(inputs)
    for part in ("sources", "values"):
        if part in kept:
            kept[part] = {name: item for name, item in kept[part].items() if name not in names}
    return kept


KIND = ResourceKind(declaration=APP_SECRETS, make=AppSecretsHandler)
